import { EnvironmentError, type JsonContract, ProtocolError, readJson } from '@retinabench/core';
import { readTextFile } from '../terminal/read-text-file.js';

/** A pull request, and how GitHub is asked about it. */
export interface PullRequest {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  /** Of the REST API, without a slash at its end. */
  readonly apiUrl: string;
  /** Of the pages. */
  readonly serverUrl: string;
  readonly token: string;
}

/**
 * The pull request that a workflow runs for.
 *
 * @param environment what GitHub Actions sets.
 * @param number of the pull request; default: that of the event.
 * @throws {EnvironmentError} if a variable is not set, naming it.
 * @throws {ProtocolError} if the event is of no pull request.
 */
export async function pullRequestOf(
  environment: Readonly<Record<string, string | undefined>>,
  number: number | undefined,
): Promise<PullRequest> {
  const repository = needed(environment, 'GITHUB_REPOSITORY', 'it is set by GitHub Actions');
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new EnvironmentError(`GITHUB_REPOSITORY: expected owner/name, got ${JSON.stringify(repository)}; correct it`);
  }
  const token = needed(environment, 'GITHUB_TOKEN', 'give it to the step (docs/gates.md has the lines)');
  return {
    repository,
    token,
    number:
      number ?? (await numberOfEvent(needed(environment, 'GITHUB_EVENT_PATH', 'or name it with --pull-request N'))),
    apiUrl: (environment.GITHUB_API_URL || 'https://api.github.com').replace(/\/+$/, ''),
    serverUrl: (environment.GITHUB_SERVER_URL || 'https://github.com').replace(/\/+$/, ''),
  };
}

/** The number of the pull request that a workflow runs for; undefined: none runs. @throws as pullRequestOf. */
export async function eventNumber(
  environment: Readonly<Record<string, string | undefined>>,
): Promise<number | undefined> {
  const { GITHUB_EVENT_PATH: file } = environment;
  return file === undefined || file === '' ? undefined : numberOfEvent(file);
}

function needed(environment: Readonly<Record<string, string | undefined>>, name: string, next: string): string {
  const value = environment[name];
  if (value !== undefined && value !== '') return value;
  throw new EnvironmentError(`${name}: expected it to be set, got nothing; ${next}`);
}

const eventContract: JsonContract = {
  schema: { type: 'object' },
  what: 'the event of a workflow',
  next: 'name --pull-request N',
  ErrorClass: ProtocolError,
};

async function numberOfEvent(file: string): Promise<number> {
  const text = await readTextFile(file, 'the event of the workflow');
  const { pull_request: pull } = readJson<{ readonly pull_request?: { readonly number?: unknown } }>(
    text,
    file,
    eventContract,
  );
  if (Number.isInteger(pull?.number)) return pull?.number as number;
  throw new ProtocolError(`${file}: expected the event of a pull request, got another; name --pull-request N`);
}
