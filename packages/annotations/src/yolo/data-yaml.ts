import { DatasetError, describeJson } from '@retinabench/core';
import { parseDocument } from 'yaml';

/** Largest `data.yaml`. */
const mostCharacters = 1_000_000;

/** What a `data.yaml` says. */
export interface DataYaml {
  /** The root of the data set, as it is written; absent: the folder of the file. */
  readonly path?: string;
  /** Folders or lists of images, by split. */
  readonly splits: ReadonlyMap<string, readonly string[]>;
  /** Names of the classes by their numbers. */
  readonly names: ReadonlyMap<number, string>;
  /** Points of a label, and numbers of each: 2 or 3. */
  readonly keypoints?: readonly [count: number, dimensions: 2 | 3];
  /** Names of the points, where it has them for all classes. */
  readonly pointNames?: readonly string[];
}

/**
 * Read a `data.yaml` of YOLO.
 *
 * Aliases are expanded at most a hundred times, so that a small file stays small.
 *
 * @throws {DatasetError} with file and member, if it is not YAML or says something else.
 */
export function readDataYaml(text: string, place: string): DataYaml {
  if (text.length > mostCharacters) {
    throw new DatasetError(
      `${place}: expected at most ${mostCharacters} characters, got ${text.length}; is it a data.yaml?`,
    );
  }
  const error = (member: string, expected: string, actual: unknown): DatasetError =>
    new DatasetError(`${place}: ${member}: expected ${expected}, got ${describeJson(actual)}; correct the file`);
  const value = parse(text, place);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw error('the file', 'members such as names and val', value);
  }
  const members = value as Readonly<Record<string, unknown>>;
  const { path, names, kpt_shape: shape } = members;
  if (path !== undefined && path !== null && typeof path !== 'string') throw error('path', 'a folder', path);
  const splits = new Map<string, readonly string[]>();
  for (const split of ['train', 'val', 'test']) {
    const entry = members[split];
    if (entry === undefined || entry === null || entry === '') continue;
    const entries: readonly unknown[] = Array.isArray(entry) ? entry : [entry];
    if (!entries.every((item) => typeof item === 'string' && item !== ''))
      throw error(split, 'a folder or several', entry);
    splits.set(split, entries as readonly string[]);
  }
  const classes = classNames(names, error);
  const { nc } = members;
  if (typeof nc === 'number' && classes.size > 0 && nc !== classes.size) {
    throw error('nc', `${classes.size}, the number of names`, nc);
  }
  const keypoints = shape === undefined || shape === null ? undefined : keypointShape(shape, error);
  return {
    ...(typeof path === 'string' && path !== '' ? { path } : {}),
    splits,
    names: classes,
    ...(keypoints === undefined ? {} : { keypoints }),
    ...pointNames(members.kpt_names, keypoints?.[0], error),
  };
}

/** `kpt_names`, by class; those of the first class, as all faces have one. */
function pointNames(value: unknown, count: number | undefined, error: ErrorOf): { pointNames?: readonly string[] } {
  if (value === undefined || value === null || count === undefined) return {};
  const lists: readonly unknown[] = typeof value === 'object' ? Object.values(value) : [];
  const [first] = lists;
  if (!Array.isArray(first) || first.length !== count || !first.every((name) => typeof name === 'string')) {
    throw error('kpt_names', `${count} names for a class`, first ?? value);
  }
  return { pointNames: first as string[] };
}

function parse(text: string, place: string): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: true });
    const [problem] = document.errors;
    if (problem !== undefined) throw problem;
    return document.toJS({ maxAliasCount: 100 });
  } catch (cause) {
    const line = (cause as { linePos?: readonly { line: number }[] }).linePos?.[0].line;
    throw new DatasetError(
      `${place}${line === undefined ? '' : `:${line}`}: expected YAML, got an error (${(cause as Error).message.split('\n')[0].slice(0, 200)}); correct the file`,
      { cause },
    );
  }
}

type ErrorOf = (member: string, expected: string, actual: unknown) => DatasetError;

function classNames(names: unknown, error: ErrorOf): Map<number, string> {
  if (names === undefined || names === null) return new Map();
  const entries = Array.isArray(names)
    ? names.map((name, index) => [index, name as unknown] as const)
    : typeof names === 'object'
      ? Object.entries(names).map(([key, name]) => [Number(key), name as unknown] as const)
      : undefined;
  if (entries === undefined) throw error('names', 'a list, or names by number', names);
  return new Map(
    entries.map(([index, name]) => {
      if (!Number.isInteger(index) || index < 0) throw error('names', 'numbers of classes as keys', index);
      if (typeof name !== 'string' && typeof name !== 'number') throw error(`names[${index}]`, 'a name', name);
      return [index, String(name)];
    }),
  );
}

function keypointShape(shape: unknown, error: ErrorOf): readonly [number, 2 | 3] {
  if (Array.isArray(shape) && shape.length === 2) {
    const [count, dimensions] = shape as readonly unknown[];
    if (
      Number.isInteger(count) &&
      Number(count) > 0 &&
      Number(count) <= 1000 &&
      (dimensions === 2 || dimensions === 3)
    ) {
      return [Number(count), dimensions];
    }
  }
  throw error('kpt_shape', '[points, 2 or 3]', shape);
}

/**
 * Points of a label as a setting has them: `5x3`.
 *
 * @throws {DatasetError} if it is not one.
 */
export function parseKeypoints(text: string, flag: string): readonly [number, 2 | 3] {
  const [, count, dimensions] = /^(\d{1,3})x([23])$/.exec(text) ?? [];
  if (count === undefined || Number(count) === 0) {
    throw new DatasetError(
      `${flag}: expected the points of a label and their numbers, as 5x2 (x and y) or 5x3 (and visibility), got ${JSON.stringify(text.slice(0, 60))}`,
    );
  }
  return [Number(count), dimensions === '2' ? 2 : 3];
}
