import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, DatasetError, EnvironmentError } from '@retinabench/core';
import {
  AppendLog,
  DigestIndex,
  lockFolder,
  refuseLinks,
  replaceFile,
  withoutSeal,
  writeAdvice,
} from '@retinabench/files';
import { protocolId } from '@retinabench/results';
import { type ForgottenImage, type LoggedImage, latestImages, parseLogEntry } from './logged-image.js';
import { removePredictions } from './remove-predictions.js';
import { parseRunIdentity, type RunIdentity } from './run-identity.js';

/** The id of a run: 12 hex digits of the hash of its identity. */
export function runId(identity: RunIdentity): string {
  return protocolId({ identity: canonicalJson(identity) });
}

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

/** The log of finished images of a run folder. */
export function logFileOf(folder: string): string {
  return path.join(folder, stateFolder, 'detections.jsonl');
}

function identityFileOf(folder: string): string {
  return path.join(folder, stateFolder, 'run.json');
}

function digestFileOf(folder: string): string {
  return path.join(folder, stateFolder, 'images.jsonl');
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
  const state = path.join(folder, stateFolder);
  refuseLinks([state, logFileOf(folder), identityFileOf(folder), digestFileOf(folder)]);
  if (holdsForeignFiles(folder)) {
    throw new DatasetError(`${folder}: holds files that no run of RetinaBench left; choose an empty or new folder`);
  }
  const release = lockFolder(state);
  try {
    if (fresh) discard(folder);
    else assertSameRun(folder, identity);
    replaceFile(identityFileOf(folder), `${JSON.stringify(identity, null, 2)}\n`);
    const log = AppendLog.open(logFileOf(folder), parseLogEntry, runId(identity));
    const digests = DigestIndex.open(digestFileOf(folder));
    return {
      folder,
      log,
      digests,
      finished: latestImages(log.entries),
      named: new Set(log.entries.map(({ image }) => image)),
      close: () => {
        log.close();
        digests.close();
        release();
      },
    };
  } catch (cause) {
    release();
    if (cause instanceof DatasetError || cause instanceof EnvironmentError) throw cause;
    throw new EnvironmentError(
      `${folder}: cannot write (${(cause as Error).message}); ${writeAdvice(cause, 'choose a folder that you may write to')}`,
      {
        cause,
      },
    );
  }
}

/** Whether there are files and no run; a run that was killed as it began has left no more than its empty folder. */
function holdsForeignFiles(folder: string): boolean {
  if (!existsSync(folder) || existsSync(identityFileOf(folder))) return false;
  return readdirSync(folder).some((name) => name !== stateFolder) || existsSync(logFileOf(folder));
}

/**
 * Delete what a run left: the prediction files that its log names, then the log. Its identity stays until that of the new
 * run replaces it, so that a kill in between leaves no detections without the identity that they belong to, and no file
 * that no log names.
 */
function discard(folder: string): void {
  removePredictions(folder, namedImages(folder));
  rmSync(digestFileOf(folder), { force: true });
  rmSync(logFileOf(folder), { force: true });
}

/** The images that a log names; a line that is damaged names none. */
function namedImages(folder: string): Set<string> {
  const names = new Set<string>();
  if (!existsSync(logFileOf(folder))) return names;
  for (const line of readFileSync(logFileOf(folder), 'utf8').split('\n')) {
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
  const file = identityFileOf(folder);
  if (!existsSync(file)) return undefined;
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
  }
  return parseRunIdentity(json, file);
}
