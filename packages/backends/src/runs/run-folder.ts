import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, DatasetError, EnvironmentError } from '@retinabench/core';
import {
  type AppendLog,
  type DigestIndex,
  forEachLine,
  openResumableRun,
  type RunFiles,
  refuseLinks,
  withoutSeal,
} from '@retinabench/files';
import type { DetectionRun } from './detection-run.js';
import { FinishedImages } from './finished-images.js';
import { type ForgottenImage, type LoggedImage, parseLogEntry } from './logged-image.js';
import { parseRunIdentity, type RunIdentity } from './run-identity.js';

/** A run that a folder holds. */
export interface RunFolder extends DetectionRun {
  readonly folder: string;
  readonly log: AppendLog<LoggedImage | ForgottenImage>;
  readonly digests: DigestIndex;
  /** All images that the log ever named: files made of their detections are the run's own. */
  named(): ReadonlySet<string>;
}

/** How a run folder is opened. */
export interface RunFolderOptions {
  readonly folder: string;
  readonly identity: RunIdentity;
  /** Discard what an earlier run left: its log and what `discardOutputs` removes, nothing else. */
  readonly fresh: boolean;
  /** Reads a line of the log; default: `parseLogEntry`. */
  parse?(value: unknown, place: string): LoggedImage | ForgottenImage;
  /** What `parse` accepts, in a word: what lines were read as is not taken over under another. Default: `detections`. */
  readonly form?: string;
  /** Removes the files that the run made of these images, named by its own log; absent: it made none. */
  discardOutputs?(images: ReadonlySet<string>): void;
}

/** Name of the folder, inside a run folder, that holds what the run needs to go on. */
const stateFolder = '.retinabench';

/** Where a run folder keeps what its run needs to go on. */
function runFilesOf(folder: string): Required<RunFiles> {
  const state = path.join(folder, stateFolder);
  return {
    folder: state,
    identity: path.join(state, 'run.json'),
    log: path.join(state, 'detections.jsonl'),
    digests: path.join(state, 'images.jsonl'),
    snapshots: { log: path.join(state, 'detections.snapshot'), digests: path.join(state, 'images.snapshot') },
  };
}

/** The log of finished images of a run folder. */
export function logFileOf(folder: string): string {
  return runFilesOf(folder).log;
}

/**
 * Open a run folder for writing, or begin one. The folder itself may be a link; nothing in it may.
 *
 * @throws {DatasetError} if the folder holds the detections of another identity, or files and no run, or a line of its log is
 * not as this run wrote it.
 * @throws {EnvironmentError} if the folder cannot be written or another process writes to it.
 */
export function openRunFolder(options: RunFolderOptions): RunFolder {
  const { folder, identity, fresh, parse = parseLogEntry, form = 'detections' } = options;
  const files = runFilesOf(folder);
  const { snapshots, ...others } = files;
  refuseLinks([...Object.values(others), ...Object.values(snapshots)]);
  if (holdsForeignFiles(folder)) {
    throw new DatasetError(
      existsSync(files.log)
        ? `${files.identity}: expected the settings of the run whose detections are beside it, got no such file, so that none of them can be held against this run; put it back, or delete ${files.folder} to begin anew`
        : `${folder}: holds files that no run of RetinaBench left; choose an empty or new folder`,
    );
  }
  const finished = new FinishedImages();
  const { log, digests, close } = openResumableRun({
    files,
    identity,
    parse,
    visit: (entry) => finished.take(entry),
    held: {
      form: `${form} 1`,
      restore: (parts, lines) => finished.restore(parts, lines),
      parts: (lines) => finished.parts(lines),
    },
    prepare: () => {
      if (fresh) discard(options);
      else assertSameRun(folder, identity);
    },
    place: folder,
    advice: 'choose a folder that you may write to',
  });
  return { folder, log, digests, finished, named: () => finished.everNamed(), close };
}

/** Whether there are files and no run; a run that was killed as it began has left no more than its empty folder. */
function holdsForeignFiles(folder: string): boolean {
  if (!existsSync(folder) || existsSync(runFilesOf(folder).identity)) return false;
  return readdirSync(folder).some((name) => name !== stateFolder) || existsSync(runFilesOf(folder).log);
}

/**
 * Delete what a run left: the files that it made of the images that its log names, then the log. Its identity stays until
 * that of the new run replaces it, so that a kill in between leaves no detections without the identity that they belong to,
 * and no file that no log names.
 */
function discard(options: RunFolderOptions): void {
  const { folder } = options;
  options.discardOutputs?.(namedImages(options));
  const { digests, log, snapshots } = runFilesOf(folder);
  for (const file of [snapshots.log, snapshots.digests, digests, log]) rmSync(file, { force: true });
}

/** The images that a log names; a line that is damaged names none. */
function namedImages({ folder, parse = parseLogEntry }: RunFolderOptions): Set<string> {
  const names = new Set<string>();
  forEachLine(runFilesOf(folder).log, (line) => {
    try {
      names.add(parse(JSON.parse(withoutSeal(line)), '').image);
    } catch {
      // Discarding is what the messages about damaged logs advise.
    }
  });
  return names;
}

function assertSameRun(folder: string, identity: RunIdentity): void {
  const held = readIdentity(folder);
  if (held === undefined || canonicalJson(held) === canonicalJson(identity)) return;
  const keys = [...new Set([...Object.keys(held), ...Object.keys(identity)])] as (keyof RunIdentity)[];
  const changed = keys
    .filter((key) => shown(held[key]) !== shown(identity[key]))
    .map((key) => `${key} ${shown(held[key])} there, ${shown(identity[key])} asked for`);
  throw new DatasetError(
    `${folder}: holds detections of another run (${changed.join('; ')}); choose another folder, or discard them with --fresh`,
  );
}

function shown(value: unknown): string {
  return value === undefined ? 'not' : canonicalJson(value);
}

/**
 * The identity of the run that filled `folder`, or undefined if no run did.
 *
 * @throws {DatasetError} if its file is no identity.
 * @throws {EnvironmentError} if it cannot be read.
 */
export function readIdentity(folder: string): RunIdentity | undefined {
  const file = runFilesOf(folder).identity;
  if (!existsSync(file)) return undefined;
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
  }
  return parseRunIdentity(json, file);
}
