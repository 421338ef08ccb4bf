import { DatasetError, EnvironmentError } from '@retinabench/core/basics';
import { AppendLog } from './append-log.js';
import { DigestIndex } from './digest-index.js';
import { lockFolder } from './lock.js';
import type { SnapshotSource } from './log-snapshot.js';
import { replaceFile } from './replace-file.js';
import { runId } from './run-id.js';
import { writeAdvice } from './write-advice.js';

/** Where a run keeps what it needs to resume. */
export interface RunFiles {
  /** Held by one process at a time; the other files lie in it. */
  readonly folder: string;
  /** What determines the results of the run, as JSON. */
  readonly identity: string;
  /** Finished work, one entry a line. */
  readonly log: string;
  /** Hashes of the images by name, with the stamps of their files. */
  readonly digests: string;
  /** What log and hashes hold, in bytes that need not be parsed; absent: both are read. */
  readonly snapshots?: { readonly log: string; readonly digests: string };
}

/** A run to start or resume. */
export interface ResumableRunOptions<Entry> {
  readonly files: RunFiles;
  /** Written down before any work is; the log is sealed with its id (runId, sealLine). */
  readonly identity: unknown;
  /** Converts a parsed line to an entry; throws a typed error if the value is not one. */
  parse(value: unknown, place: string): Entry;
  /** Takes the entries that the log holds one by one, which `log.entries` then does not keep. */
  visit?(entry: Entry): void;
  /** What `visit` holds, as a snapshot in `files.snapshots` has it; absent: the log is read. */
  readonly held?: Omit<SnapshotSource, 'file'>;
  /**
   * Discards what an earlier run left, or refuses to resume it; called while the folder is held. Discarding deletes the log
   * first and the identity last, so that a kill in between never leaves results without their identity.
   */
  prepare(): void;
  /** As messages name the run. */
  readonly place: string;
  /** What to do where it cannot be written. */
  readonly advice: string;
}

/** A run that may span several processes, one after another. */
export interface ResumableRun<Entry> {
  readonly log: AppendLog<Entry>;
  readonly digests: DigestIndex;
  /** Release the folder; log and index are closed already. */
  release(): void;
  /** Close log and index and release the folder. */
  close(): void;
}

/**
 * Start or resume a run that may be killed at any moment.
 *
 * @throws {DatasetError} if log or index are damaged, and what `prepare` throws.
 * @throws {EnvironmentError} if the folder cannot be written or another process writes to it.
 */
export function openResumableRun<Entry>(options: ResumableRunOptions<Entry>): ResumableRun<Entry> {
  const { files, identity, parse, visit, held, prepare, place, advice } = options;
  const release = lockFolder(files.folder);
  try {
    prepare();
    replaceFile(files.identity, `${JSON.stringify(identity, null, 2)}\n`);
    const owner = runId(identity);
    const snapshot = held &&
      files.snapshots && { ...held, form: `${held.form} of ${owner}`, file: files.snapshots.log };
    const log = AppendLog.open(files.log, parse, owner, visit, snapshot);
    const digests = DigestIndex.open(files.digests, files.snapshots?.digests);
    const close = (): void => {
      log.close();
      digests.close();
      release();
    };
    return { log, digests, release, close };
  } catch (cause) {
    release();
    if (cause instanceof DatasetError || cause instanceof EnvironmentError) throw cause;
    throw cannotWriteRun(place, advice, cause);
  }
}

/** The error of a run whose files cannot be written. */
export function cannotWriteRun(place: string, advice: string, cause: unknown): EnvironmentError {
  return new EnvironmentError(`${place}: cannot write (${(cause as Error).message}); ${writeAdvice(cause, advice)}`, {
    cause,
  });
}
