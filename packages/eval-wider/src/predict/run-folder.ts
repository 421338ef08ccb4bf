import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { canonicalJson, DatasetError, EnvironmentError } from '@retinabench/core';
import { AppendLog, lockFolder, replaceFile, writeAdvice } from '@retinabench/files';
import { protocolId } from '@retinabench/results';
import { type DetectedImage, parseDetectedImage } from './detected-image.js';
import { parseRunIdentity, type RunIdentity } from './run-identity.js';

/** The id of a run: 12 hex digits of the hash of its identity. */
export function runId(identity: RunIdentity): string {
  return protocolId({ identity: canonicalJson(identity) });
}

/** A folder in which the detections of one identity gather, over as many interrupted runs as it takes. */
export interface RunFolder {
  readonly log: AppendLog<DetectedImage>;
  /** Finished images by name. */
  readonly finished: Map<string, DetectedImage>;
  /** Close the log and give the folder back. */
  close(): void;
}

/** Name of the folder, inside a prediction folder, that holds what a run needs to go on. */
const stateFolder = '.retinabench';

/** The log of finished images of a run folder. */
export function logFileOf(folder: string): string {
  return path.join(folder, stateFolder, 'detections.jsonl');
}

/**
 * Open a run folder for writing, or begin one.
 *
 * @param fresh discard what an earlier run left.
 * @throws {DatasetError} if the folder holds the detections of another identity, or files that no run left.
 * @throws {EnvironmentError} if the folder cannot be written or another process writes to it.
 */
export function openRunFolder(folder: string, identity: RunIdentity, fresh: boolean): RunFolder {
  const state = path.join(folder, stateFolder);
  if (existsSync(folder) && !existsSync(state) && readdirSync(folder).length > 0) {
    throw new DatasetError(`${folder}: holds files that no run of RetinaBench left; choose an empty or new folder`);
  }
  const release = lockFolder(state);
  try {
    if (fresh) discard(folder);
    assertSameRun(state, identity);
    replaceFile(path.join(state, 'run.json'), `${JSON.stringify(identity, null, 2)}\n`);
    const opened = AppendLog.open(logFileOf(folder), parseDetectedImage);
    const finished = new Map(opened.entries.map((entry) => [entry.image, entry]));
    return {
      log: opened,
      finished,
      close: () => {
        opened.close();
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

/**
 * Delete what a run left: its log and its event folders of prediction files, nothing else. The log goes first and the
 * identity last, so that a kill in between never leaves detections without the identity that they belong to.
 */
function discard(folder: string): void {
  rmSync(logFileOf(folder), { force: true });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name === stateFolder) continue;
    for (const file of readdirSync(path.join(folder, entry.name))) {
      if (file.endsWith('.txt')) rmSync(path.join(folder, entry.name, file));
    }
  }
  rmSync(path.join(folder, stateFolder, 'run.json'), { force: true });
}

function assertSameRun(state: string, identity: RunIdentity): void {
  const held = readIdentity(path.dirname(state));
  if (held === undefined || canonicalJson(held) === canonicalJson(identity)) return;
  const changed = (Object.keys(identity) as (keyof RunIdentity)[])
    .filter((key) => canonicalJson(held[key]) !== canonicalJson(identity[key]))
    .map((key) => `${key} ${canonicalJson(held[key])} there, ${canonicalJson(identity[key])} asked for`);
  throw new DatasetError(
    `${path.dirname(state)}: holds detections of another run (${changed.join('; ')}); choose another folder, or discard them with --fresh`,
  );
}

/**
 * The identity of the run that filled `folder`, or undefined if no run did.
 *
 * @throws {DatasetError} if its file is no identity.
 * @throws {EnvironmentError} if it cannot be read.
 */
export function readIdentity(folder: string): RunIdentity | undefined {
  const file = path.join(folder, stateFolder, 'run.json');
  if (!existsSync(file)) return undefined;
  let json: string;
  try {
    json = readFileSync(file, 'utf8');
  } catch (cause) {
    throw new EnvironmentError(`${file}: cannot be read (${(cause as Error).message})`, { cause });
  }
  return parseRunIdentity(json, file);
}
