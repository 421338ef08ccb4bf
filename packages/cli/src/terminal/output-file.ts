import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError, isRetinaBenchError } from '@retinabench/core';
import { makeFolder, probeFolder, replaceFile, writeAdvice } from '@retinabench/files';

/** What a command writes, for the message if it cannot. */
export interface OutputKind {
  /** `the record`. */
  readonly what: string;
  /** How to say where it goes: `--out FILE`. */
  readonly flag: string;
}

/** A record whose place `--out` says. */
export const recordOutput: OutputKind = { what: 'the record', flag: '--out FILE' };

/**
 * Make sure, before long work, that its result can be written. Nothing is left behind, no folder either.
 *
 * @param file need not exist, nor its folders; a `*` in its name says that the name is not known yet.
 * @throws {DatasetError} if it is a folder.
 * @throws {EnvironmentError} if its disk is read-only or full, or permission is missing.
 */
export async function requireWritable(file: string, kind: OutputKind): Promise<void> {
  const stats = await stat(file).catch(() => undefined);
  if (stats?.isDirectory()) {
    throw new DatasetError(`${file}: expected a file to write, got a folder; name one with ${kind.flag}`);
  }
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
 * @throws {DatasetError} if it is a folder.
 * @throws {EnvironmentError} if it cannot be written; the old file is as it was.
 */
export async function writeOutput(file: string, content: string | Uint8Array, kind: OutputKind): Promise<void> {
  try {
    if ((await stat(file).catch(() => undefined))?.isDirectory()) {
      throw new DatasetError(`${file}: expected a file to write, got a folder; name one with ${kind.flag}`);
    }
    await makeFolder(path.dirname(file));
    replaceFile(file, content);
  } catch (cause) {
    throw isRetinaBenchError(cause) ? cause : cannotWrite(file, kind, cause);
  }
}

function cannotWrite(file: string, { what, flag }: OutputKind, cause: unknown): EnvironmentError {
  const next = writeAdvice(cause, `choose another place with ${flag}`);
  return new EnvironmentError(`${file}: cannot write ${what} (${(cause as Error).message}); ${next}`, { cause });
}

/** The folder itself, or the nearest above it that exists: there it would be made. */
async function nearestFolder(folder: string): Promise<string> {
  for (let place = path.resolve(folder); ; place = path.dirname(place)) {
    const exists = await stat(place).then(
      () => true,
      () => false,
    );
    if (exists || place === path.dirname(place)) return place;
  }
}
