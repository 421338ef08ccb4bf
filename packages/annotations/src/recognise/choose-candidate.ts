import { statSync } from 'node:fs';
import path from 'node:path';
import { DatasetError, EnvironmentError, shortenText } from '@retinabench/core';
import type { Delimiter } from '../delimited/read-rows.js';
import type { FlagOf } from '../reading/reading.js';
import { type FileKind, recogniseFile } from './recognise-file.js';
import { type FolderCandidate, recogniseFolder } from './recognise-folder.js';

/** What was found at a location, and where in it. */
export interface Found {
  readonly kind: FolderCandidate['kind'] | FileKind['kind'];
  readonly location: string;
  readonly delimiter?: Delimiter;
}

/** What is looked for, for messages and to tell candidates apart. */
export interface Wanted {
  /** `annotations` or `predictions`. */
  readonly what: string;
  /** Names of the forms, for messages. */
  readonly formats: readonly string[];
  /** Kinds of the form that the user names; absent: all of `kinds`. */
  readonly asked?: readonly Found['kind'][] | undefined;
  /** Kinds that can be what is wanted. */
  readonly kinds: readonly Found['kind'][];
  /** Whether the columns of a CSV file without header are named: a file that nothing recognises is that one. */
  readonly columnsNamed: boolean;
  readonly flag: FlagOf;
}

/**
 * Find out what is at a location, a file or a folder.
 *
 * @throws {EnvironmentError} if there is nothing of that name, or it cannot be read.
 * @throws {DatasetError} if it is nothing that is wanted, or several things that are; the message names the flag.
 */
export function chooseCandidate(location: string, wanted: Wanted): Found {
  let stats: ReturnType<typeof statSync>;
  try {
    stats = statSync(location, { throwIfNoEntry: false });
  } catch (cause) {
    throw new EnvironmentError(`${location}: cannot be read (${(cause as Error).message})`, { cause });
  }
  if (stats === undefined) {
    throw new EnvironmentError(`${location}: expected ${wanted.what}, got nothing of that name; is the path right?`);
  }
  const { asked, kinds, flag } = wanted;
  if (!stats.isDirectory()) return fileOf(location, wanted);
  const candidates = recogniseFolder(location);
  const suitable = candidates.filter(({ kind }) => (asked ?? kinds).includes(kind));
  if (suitable.length === 1) return withDelimiter(suitable[0]);
  if (suitable.length === 0 && asked !== undefined) return { kind: asked[0], location };
  const list = (suitable.length > 0 ? suitable : candidates).map(
    ({ kind, location: place }) => `${kind} (${path.relative(location, place) || '.'})`,
  );
  const names = shortenText(list.join(', '), 500);
  if (suitable.length > 1) {
    throw new DatasetError(
      `${location}: expected ${wanted.what} of one form, got ${names}; name the file or folder that is meant, or its form with ${flag('format')}`,
    );
  }
  throw new DatasetError(
    `${location}: expected ${wanted.what} in a known form, got ${candidates.length === 0 ? 'no file that is recognised; name the file or folder that holds them, or say' : `${names}; say`} what they are with ${flag('format')} ${wanted.formats.join('|')}`,
  );
}

function fileOf(location: string, wanted: Wanted): Found {
  const found = recogniseFile(location);
  const delimiter = found.kind === 'csv' ? { delimiter: found.delimiter } : {};
  if (wanted.asked !== undefined) return { kind: wanted.asked[0], location, ...delimiter };
  if (wanted.kinds.includes(found.kind)) return { kind: found.kind, location, ...delimiter };
  if (found.kind === 'unknown' && wanted.columnsNamed) return { kind: 'csv', location };
  const actual =
    found.kind === 'unknown'
      ? `a file that begins with ${JSON.stringify(found.begins.slice(0, 60))}`
      : found.kind === 'empty'
        ? 'an empty file'
        : found.kind === 'numbers'
          ? 'lines of numbers of one image: choose the folder that holds the files of all'
          : found.kind;
  const hint =
    found.kind === 'unknown' && /[,;\t]/.test(found.begins)
      ? `, or, of a CSV file, name the columns: in its first line, or with ${wanted.flag('columns')} image,x1,y1,x2,y2 where it has no header`
      : '';
  throw new DatasetError(
    `${location}: expected ${wanted.what} in a known form, got ${actual}; say what it is with ${wanted.flag('format')} ${wanted.formats.join('|')}${hint}`,
  );
}

function withDelimiter({ kind, location, file }: FolderCandidate): Found {
  return { kind, location, ...(file?.kind === 'csv' ? { delimiter: file.delimiter } : {}) };
}
