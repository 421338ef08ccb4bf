import { createHash } from 'node:crypto';
import { askGithub } from './ask-github.js';
import type { PictureLink } from './comment-body.js';
import type { PullRequest } from './pull-request.js';

/** Pictures for a comment. */
export interface Pictures {
  readonly branch: string;
  /** Where they go on the branch, below the number of the pull request. */
  readonly folder: string;
  readonly pictures: readonly { readonly name: string; readonly bytes: Uint8Array }[];
}

interface GitObject {
  readonly sha: string;
}

/**
 * Put pictures on a branch of the repository, which is made where there is none, in one commit: a comment can show only what has an
 * address. Their names hold their digest, so that an address shows the same picture for ever.
 *
 * @throws {EnvironmentError} as askGithub.
 */
export async function publishPictures(
  pull: PullRequest,
  { branch, folder, pictures }: Pictures,
): Promise<PictureLink[]> {
  const ref = await askGithub(pull, { method: 'GET', path: `git/ref/heads/${branch}`, absentAt: [404] });
  const parent = ref === undefined ? undefined : (ref as { object: GitObject }).object.sha;
  const placed = [];
  for (const { name, bytes } of pictures) {
    const content = Buffer.from(bytes).toString('base64');
    const blob = await post(pull, 'git/blobs', { content, encoding: 'base64' });
    const digest = createHash('sha256').update(bytes).digest('hex').slice(0, 16);
    const path = `${pull.number}/${folder}/${digest}-${name.replace(/[^\w.-]+/g, '_')}`;
    placed.push({ name, path, sha: blob.sha });
  }
  const former =
    parent === undefined ? undefined : await askGithub(pull, { method: 'GET', path: `git/commits/${parent}` });
  const tree = await post(pull, 'git/trees', {
    ...(former === undefined ? {} : { base_tree: (former as { tree: GitObject }).tree.sha }),
    tree: placed.map(({ path, sha }) => ({ path, sha, mode: '100644', type: 'blob' })),
  });
  const commit = await post(pull, 'git/commits', {
    message: `Pictures of pull request ${pull.number}`,
    tree: tree.sha,
    parents: parent === undefined ? [] : [parent],
  });
  if (parent === undefined) await post(pull, 'git/refs', { ref: `refs/heads/${branch}`, sha: commit.sha });
  else await askGithub(pull, { method: 'PATCH', path: `git/refs/heads/${branch}`, body: { sha: commit.sha } });
  return placed.map(({ name, path }) => ({
    name,
    url: `${pull.serverUrl}/${pull.repository}/blob/${commit.sha}/${path.split('/').map(encodeURIComponent).join('/')}?raw=true`,
  }));
}

async function post(pull: PullRequest, path: string, body: unknown): Promise<GitObject> {
  return (await askGithub(pull, { method: 'POST', path, body })) as GitObject;
}
