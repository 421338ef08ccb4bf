import { spawnSync } from 'node:child_process';
import os from 'node:os';

/** The checked-out commit; undefined outside a repository. */
export function currentCommit(): string | undefined {
  return git('rev-parse', 'HEAD');
}

/** Who runs this: the actor of a GitHub workflow, else git's user, else the account. */
export function currentUser(): string {
  return process.env.GITHUB_ACTOR || git('config', 'user.name') || os.userInfo().username || 'unknown';
}

function git(...args: string[]): string | undefined {
  const { status, stdout } = spawnSync('git', args, { encoding: 'utf8' });
  const answer = status === 0 ? stdout.trim() : '';
  return answer === '' ? undefined : answer;
}
