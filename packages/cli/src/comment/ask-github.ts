import { EnvironmentError, shortenText } from '@retinabench/core';
import type { PullRequest } from './pull-request.js';

/** A request that takes longer has no answer. */
const patienceMs = 30_000;

/** A request to GitHub's REST API. */
export interface GithubRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  /** Below the repository: `issues/3/comments`; with a slash before it, of the API: `/user`. */
  readonly path: string;
  readonly body?: unknown;
  /** Statuses that are an answer as well: undefined is returned. */
  readonly absentAt?: readonly number[];
}

/**
 * Ask GitHub.
 *
 * @returns the answer as JSON; undefined at a status of `absentAt`.
 * @throws {EnvironmentError} if there is no answer, or it is a refusal; the token is in no message.
 */
export async function askGithub(
  { apiUrl, repository, token }: PullRequest,
  { method, path, body, absentAt }: GithubRequest,
): Promise<unknown> {
  const url = path.startsWith('/') ? apiUrl + path : `${apiUrl}/repos/${repository}/${path}`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(url, {
      method,
      headers: {
        accept: 'application/vnd.github+json',
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'user-agent': 'retinabench',
        'x-github-api-version': '2022-11-28',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(patienceMs),
    });
    text = await response.text();
  } catch (cause) {
    throw new EnvironmentError(
      `${method} ${url}: expected an answer, got none (${(cause as Error).message}); try again`,
      {
        cause,
      },
    );
  }
  if (absentAt?.includes(response.status)) return undefined;
  if (!response.ok) throw refusal(method, url, response.status, text);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new EnvironmentError(`${method} ${url}: expected JSON, got ${JSON.stringify(text.slice(0, 60))}; try again`, {
      cause,
    });
  }
}

function refusal(method: string, url: string, status: number, text: string): EnvironmentError {
  const next =
    status === 403 || status === 404
      ? 'the token may not do this: give the job permissions (pull-requests: write; contents: write for pictures); the token of a pull request from a fork never may'
      : status === 401
        ? 'give the step a valid token: env: GITHUB_TOKEN'
        : 'try again';
  return new EnvironmentError(`${method} ${url}: expected success, got ${status} ${shortenText(text, 200)}; ${next}`);
}
