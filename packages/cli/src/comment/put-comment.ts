import { EnvironmentError } from '@retinabench/core';
import { askGithub } from './ask-github.js';
import { commentMark } from './comment-body.js';
import type { PullRequest } from './pull-request.js';

const commentsAPage = 100;

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly html_url: string;
}

/**
 * Write a comment on a pull request, or replace the one of the same name.
 *
 * @param body begins with the mark of the name.
 * @throws {EnvironmentError} as askGithub.
 */
export async function putComment(
  pull: PullRequest,
  name: string,
  body: string,
): Promise<{ readonly url: string; readonly replaced: boolean }> {
  const former = await findComment(pull, commentMark(name));
  const answer = await askGithub(
    pull,
    former === undefined
      ? { method: 'POST', path: `issues/${pull.number}/comments`, body: { body } }
      : { method: 'PATCH', path: `issues/comments/${former.id}`, body: { body } },
  );
  return { url: String((answer as Comment).html_url), replaced: former !== undefined };
}

async function findComment(pull: PullRequest, mark: string): Promise<Comment | undefined> {
  for (let page = 1; ; page++) {
    const path = `issues/${pull.number}/comments?per_page=${commentsAPage}&page=${page}`;
    const comments = await askGithub(pull, { method: 'GET', path });
    if (!Array.isArray(comments)) {
      throw new EnvironmentError(`GET ${path}: expected a list of comments, got something else; try again`);
    }
    const found = (comments as Comment[]).find(({ body }) => body?.startsWith(mark));
    if (found !== undefined || comments.length < commentsAPage) return found;
  }
}
