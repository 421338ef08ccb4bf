import { constants } from 'node:fs';
import { access, open, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError, isRetinaBenchError } from '@retinabench/core/basics';
import { type FileContent, makeFolder, probeFolder, replaceFile, writeAdvice } from '@retinabench/files/basics';

/** What a command writes, for the message if it cannot. */
export interface OutputKind {
  /** `the record`. */
  readonly what: string;
  /** How to say where it goes: `--out FILE`. */
  readonly flag: string;
  /** How a file of the kind begins. One that begins otherwise is somebody else's and not replaced. Absent: any is. */
  readonly begins?: RegExp;
}

/** How a record begins. */
export const recordBegins = /^\uFEFF?\s*\{[\s\S]*"(schemaVersion|createdAt|kind)"\s*:/;

/** A record whose place `--out` says. */
export const recordOutput: OutputKind = { what: 'the record', flag: '--out FILE', begins: recordBegins };

/** Characters by which a file is told. */
const beginningBytes = 2048;

/**
 * Make sure, before long work, that its result can be written. Nothing is left behind, no folder either.
 *
 * @param file need not exist, nor its folders; a `*` in its name says that the name is not known yet.
 * @throws {DatasetError} if it is a folder, or a file of another kind.
 * @throws {EnvironmentError} if its disk is read-only or full, or permission is missing.
 */
export async function requireWritable(file: string, kind: OutputKind): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isDirectory()) {
    throw new DatasetError(`${file}: expected a file to write, got a folder; name one with ${kind.flag}`);
  }
  await refuseForeign(file, kind);
  try {
    if (stats !== undefined) await access(file, constants.W_OK);
    if (stats === undefined || stats.isFile()) probeFolder(await nearestFolder(path.dirname(file)));
  } catch (cause) {
    throw cannotWrite(file, kind, cause);
  }
}

/**
 * Write what a command is for, with the folders that it needs: at every moment the file is the old one or the new one.
 *
 * @throws {DatasetError} if it is a folder, or a file of another kind.
 * @throws {EnvironmentError} if it cannot be written; the old file is as it was.
 */
export async function writeOutput(file: string, content: FileContent, kind: OutputKind): Promise<void> {
  try {
    if ((await stat(file).catch(() => undefined))?.isDirectory()) {
      throw new DatasetError(`${file}: expected a file to write, got a folder; name one with ${kind.flag}`);
    }
    await refuseForeign(file, kind);
    await makeFolder(path.dirname(file));
    replaceFile(file, content);
  } catch (cause) {
    throw isRetinaBenchError(cause) ? cause : cannotWrite(file, kind, cause);
  }
}

/**
 * Refuse a place where a file of another kind lies: a mistyped flag must not cost it.
 *
 * @throws {DatasetError} naming the file. A file that is empty or cannot be read is left to the write.
 */
async function refuseForeign(file: string, { what, flag, begins }: OutputKind): Promise<void> {
  if (begins === undefined || !(await stat(file).catch(() => undefined))?.isFile()) return;
  const handle = await open(file).catch(() => undefined);
  if (handle === undefined) return;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0);
    const beginning = buffer.toString('utf8', 0, bytesRead);
    if (beginning.trim() === '' || begins.test(beginning)) return;
  } finally {
    await handle.close();
  }
  throw new DatasetError(
    `${file}: holds something else, which ${what} would replace; move it away, or choose another place with ${flag}`,
  );
}

function cannotWrite(file: string, { what, flag }: OutputKind, cause: unknown): EnvironmentError {
  const next = writeAdvice(cause, `choose another place with ${flag}`);
  return new EnvironmentError(`${file}: cannot write ${what} (${(cause as Error).message}); ${next}`, { cause });
}

/** The folder itself, or the nearest above it that exists: there it would be made. */
async function nearestFolder(folder: string): Promise<string> {
  for (let ancestor = path.resolve(folder); ; ancestor = path.dirname(ancestor)) {
    const exists = await stat(ancestor).then(
      () => true,
      () => false,
    );
    if (exists || ancestor === path.dirname(ancestor)) return ancestor;
  }
}
