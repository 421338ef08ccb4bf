import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, DatasetError, EnvironmentError } from '@retinabench/core';
import {
  type AppendLog,
  type DigestIndex,
  openResumableRun,
  type RunFiles,
  refuseLinks,
  withoutSeal,
} from '@retinabench/files';
import { type ForgottenImage, type LoggedImage, latestImages, parseLogEntry } from './logged-image.js';
import { removePredictions } from './remove-predictions.js';
import { parseRunIdentity, type RunIdentity } from './run-identity.js';

/** A folder in which the detections of one identity gather, over as many interrupted runs as it takes. */
export interface RunFolder {
  readonly folder: string;
  readonly log: AppendLog<LoggedImage | ForgottenImage>;
  /** Hashes of the images by name, with the stamps of their files. */
  readonly digests: DigestIndex;
  /** Finished images by name. */
  readonly finished: Map<string, LoggedImage>;
  /** All images that the log ever named: their prediction files are the run's own. */
  readonly named: ReadonlySet<string>;
  /** Close the log and give the folder back. */
  close(): void;
}

/** Name of the folder, inside a prediction folder, that holds what a run needs to go on. */
const stateFolder = '.retinabench';

/** Where a run folder keeps what its run needs to go on. */
function runFilesOf(folder: string): RunFiles {
  const state = path.join(folder, stateFolder);
  return {
    folder: state,
    identity: path.join(state, 'run.json'),
    log: path.join(state, 'detections.jsonl'),
    digests: path.join(state, 'images.jsonl'),
  };
}

/** The log of finished images of a run folder. */
export function logFileOf(folder: string): string {
  return runFilesOf(folder).log;
}

/**
 * Open a run folder for writing, or begin one. The folder itself may be a link; nothing in it may.
 *
 * @param fresh discard what an earlier run left: the files that its log names, nothing else.
 * @throws {DatasetError} if the folder holds the detections of another identity, or files and no run, or a line of its log is
 * not as this run wrote it.
 * @throws {EnvironmentError} if the folder cannot be written or another process writes to it.
 */
export function openRunFolder(folder: string, identity: RunIdentity, fresh: boolean): RunFolder {
  const files = runFilesOf(folder);
  refuseLinks(Object.values(files));
  if (holdsForeignFiles(folder)) {
    throw new DatasetError(`${folder}: holds files that no run of RetinaBench left; choose an empty or new folder`);
  }
  const { log, digests, close } = openResumableRun({
    files,
    identity,
    parse: parseLogEntry,
    prepare: () => {
      if (fresh) discard(folder);
      else assertSameRun(folder, identity);
    },
    place: folder,
    advice: 'choose a folder that you may write to',
  });
  const named = new Set(log.entries.map(({ image }) => image));
  return { folder, log, digests, finished: latestImages(log.entries), named, close };
}

/** Whether there are files and no run; a run that was killed as it began has left no more than its empty folder. */
function holdsForeignFiles(folder: string): boolean {
  if (!existsSync(folder) || existsSync(runFilesOf(folder).identity)) return false;
  return readdirSync(folder).some((name) => name !== stateFolder) || existsSync(runFilesOf(folder).log);
}

/**
 * Delete what a run left: the prediction files that its log names, then the log. Its identity stays until that of the new
 * run replaces it, so that a kill in between leaves no detections without the identity that they belong to, and no file
 * that no log names.
 */
function discard(folder: string): void {
  removePredictions(folder, namedImages(folder));
  const { digests, log } = runFilesOf(folder);
  rmSync(digests, { force: true });
  rmSync(log, { force: true });
}

/** The images that a log names; a line that is damaged names none. */
function namedImages(folder: string): Set<string> {
  const names = new Set<string>();
  const { log } = runFilesOf(folder);
  if (!existsSync(log)) return names;
  for (const line of readFileSync(log, 'utf8').split('\n')) {
    try {
      names.add(parseLogEntry(JSON.parse(withoutSeal(line)), '').image);
    } catch {
      // Discarding is what the messages about damaged logs advise.
    }
  }
  return names;
}

function assertSameRun(folder: string, identity: RunIdentity): void {
  const held = readIdentity(folder);
  if (held === undefined || canonicalJson(held) === canonicalJson(identity)) return;
  const changed = (Object.keys(identity) as (keyof RunIdentity)[])
    .filter((key) => canonicalJson(held[key]) !== canonicalJson(identity[key]))
    .map((key) => `${key} ${canonicalJson(held[key])} there, ${canonicalJson(identity[key])} asked for`);
  throw new DatasetError(
    `${folder}: holds detections of another run (${changed.join('; ')}); choose another folder, or discard them with --fresh`,
  );
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
