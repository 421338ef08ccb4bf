import { EnvironmentError } from '@retinabench/core';
import { askGithub } from './ask-github.js';
import { commentMark, formerMark } from './comment-body.js';
import type { PullRequest } from './pull-request.js';

const commentsAPage = 100;

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly html_url: string;
  readonly user?: { readonly login?: string; readonly type?: string } | null;
}

/**
 * Write a comment on a pull request, or replace the one of the same name by the same author. A comment of anybody else stays, whatever
 * it begins with: a token that may write comments may overwrite those of people as well.
 *
 * @param body begins with the mark of the name.
 * @throws {EnvironmentError} as askGithub.
 */
export async function putComment(
  pull: PullRequest,
  name: string,
  body: string,
): Promise<{ readonly url: string; readonly replaced: boolean }> {
  const former = await findComment(pull, name);
  const answer = await askGithub(
    pull,
    former === undefined
      ? { method: 'POST', path: `issues/${pull.number}/comments`, body: { body } }
      : { method: 'PATCH', path: `issues/comments/${former.id}`, body: { body } },
  );
  return { url: String((answer as Comment).html_url), replaced: former !== undefined };
}

async function findComment(pull: PullRequest, name: string): Promise<Comment | undefined> {
  const isOwn = await authorship(pull);
  const marks = [commentMark(name), formerMark(name)];
  for (let page = 1; ; page++) {
    const path = `issues/${pull.number}/comments?per_page=${commentsAPage}&page=${page}`;
    const comments = await askGithub(pull, { method: 'GET', path });
    if (!Array.isArray(comments)) {
      throw new EnvironmentError(`GET ${path}: expected a list of comments, got something else; try again`);
    }
    const found = (comments as Comment[]).find(
      (comment) => marks.some((mark) => comment.body?.startsWith(mark)) && isOwn(comment),
    );
    if (found !== undefined || comments.length < commentsAPage) return found;
  }
}

/**
 * Whether a comment is by whom the token is of. A person's token says whose it is. The token of a job is an app's, which GitHub refuses to
 * name: its comments are those of a bot.
 */
async function authorship(pull: PullRequest): Promise<(comment: Comment) => boolean> {
  const viewer = await askGithub(pull, { method: 'GET', path: '/user', absentAt: [403, 404] });
  const login = (viewer as { readonly login?: unknown } | undefined)?.login;
  if (typeof login === 'string') return ({ user }) => user?.login === login;
  return ({ user }) => user?.type === 'Bot';
}
