import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import path from 'node:path';
import { promisify } from 'node:util';
import { EnvironmentError, ModelError, refuseLfsPointer, shortenText } from '@retinabench/core';
import { makeFolder, writeAdvice, writeWhole } from '@retinabench/files';
import { externalParts } from '../onnx/external-data.js';
import { staysInFolder } from '../onnx/stays-in-folder.js';
import type { ModelFolders } from './folders.js';
import { cardPathOf } from './load-card.js';

const run = promisify(execFile);

/** More than any model that fits into one ONNX file (2 GiB, protobuf's limit). */
const largestFileBytes = 2 ** 31;

/** A model as it was at a revision: `git:REV:PATH`. */
export interface GitModelName {
  readonly revision: string;
  /** Of the .onnx, relative to the working folder. */
  readonly file: string;
}

/** Take `git:REV:PATH` apart; undefined if `name` is no name of this kind. */
export function parseGitModelName(name: string): GitModelName | undefined {
  const match = /^git:([^:]+):(.+)$/s.exec(name);
  return match === null ? undefined : { revision: match[1], file: match[2] };
}

/**
 * Take a model out of the history of the repository that the working folder lies in: the .onnx, the card beside it and the
 * files of its tensors, as a check-out would write them (Git LFS included, where it is installed), into the cache.
 *
 * @returns path of the .onnx there. It is written anew each time, so that it is the revision's content and nothing else.
 * @throws {ModelError} if the revision, or a file at it, does not exist, or is a Git LFS pointer.
 * @throws {EnvironmentError} if git cannot be run, or the cache cannot be written.
 */
export async function checkOutModel({ revision, file }: GitModelName, folders: ModelFolders): Promise<string> {
  const place = `git:${shortenText(revision, 100)}:${shortenText(file, 200)}`;
  const commit = await commitOf(revision, place);
  const graph = await fileAt(commit, file, place, revision);
  const parts = externalParts(refuseLfsPointer(graph, place, ModelError), place);
  const beside = [...new Set(parts.map(({ location }) => path.posix.normalize(location)))];
  const outside = parts.map(({ location }) => location).find((location) => !staysInFolder(location));
  if (outside !== undefined) {
    throw new ModelError(
      `${place}: expected external data beside the .onnx, got ${JSON.stringify(shortenText(outside))}; save the model in one file`,
    );
  }
  const key = createHash('sha256').update(path.resolve(file)).digest('hex').slice(0, 16);
  const folder = path.join(folders.cacheFolder, 'git-models', `${commit}-${key}`);
  const onnxPath = path.join(folder, path.basename(file));
  const card = await fileAt(commit, cardPathOf(file), place, revision);
  const others = await Promise.all(
    beside.map(async (name) => ({
      target: path.join(folder, name),
      content: refuseLfsPointer(
        await fileAt(commit, path.posix.join(path.posix.dirname(file), name), place, revision),
        `${place}: ${name}`,
        ModelError,
      ),
    })),
  );
  try {
    for (const { target, content } of [
      ...others,
      { target: onnxPath, content: graph },
      { target: cardPathOf(onnxPath), content: card },
    ]) {
      await makeFolder(path.dirname(target));
      await writeWhole(target, content);
    }
  } catch (cause) {
    throw new EnvironmentError(
      `${onnxPath}: cannot write the model of ${place} (${(cause as Error).message}); ${writeAdvice(cause, 'set RETINABENCH_CACHE')}`,
      { cause },
    );
  }
  return onnxPath;
}

async function commitOf(revision: string, place: string): Promise<string> {
  try {
    const { stdout } = await run('git', ['rev-parse', '--verify', '--end-of-options', `${revision}^{commit}`]);
    return stdout.trim();
  } catch (cause) {
    throw gitFailure(
      cause,
      `${place}: expected a revision of the repository here, got ${reasonOf(cause)}; fetch it (git fetch origin; on a CI machine fetch-depth: 0)`,
    );
  }
}

async function fileAt(commit: string, file: string, place: string, revision: string): Promise<Buffer> {
  // `./` makes the path relative to the working folder; --filters gives what a check-out writes.
  const name = `${commit}:./${path.relative(process.cwd(), path.resolve(file)).split(path.sep).join('/')}`;
  try {
    const { stdout } = await run('git', ['cat-file', '--filters', name], {
      encoding: 'buffer',
      maxBuffer: largestFileBytes,
    });
    return stdout;
  } catch (cause) {
    throw gitFailure(
      cause,
      `${place}: expected ${shortenText(file, 200)} at ${shortenText(revision, 100)} (${commit.slice(0, 12)}), got ${reasonOf(cause)}; name a revision that has the .onnx and its card`,
    );
  }
}

function gitFailure(cause: unknown, message: string): Error {
  const isAbsent = (cause as NodeJS.ErrnoException).code === 'ENOENT';
  if (isAbsent) return new EnvironmentError('git: expected the program git, got none; install it', { cause });
  return new ModelError(message, { cause });
}

function reasonOf(cause: unknown): string {
  const { stderr } = cause as { readonly stderr?: string | Buffer };
  const said = stderr?.toString().trim().split('\n').at(-1) ?? '';
  return said === '' ? 'no such file' : shortenText(said, 200);
}
