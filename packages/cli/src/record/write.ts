import {
  assertRecord,
  contentDigest,
  type ProtocolSettings,
  protocolId,
  type ResultRecord,
} from '@retinabench/results';
import { commandLine } from '../terminal/command-line.js';
import { type Output, printJson, printNote } from '../terminal/output.js';
import { recordOutput, writeOutput } from '../terminal/output-file.js';
import { describeEnvironment } from './environment.js';
import { noteReplaced } from './note-replaced.js';
import { recordLine } from './record-line.js';
import { textSha256 } from './text-sha256.js';

/** A record as an evaluation gives it; the rest is the same for all kinds. */
export type RecordContent = Omit<
  ResultRecord,
  'schemaVersion' | 'createdAt' | 'environment' | 'protocol' | 'command'
> & {
  readonly protocol: ProtocolSettings;
  /** The code that made the number, where it is not that of the scoring alone. */
  readonly code?: { readonly version: string; readonly sha256: string };
  /** Versions of what others wrote and that took part, beyond what every record names. */
  readonly runtimes?: Readonly<Record<string, string>>;
  /** Processors that the process was pinned to. */
  readonly pinnedTo?: string;
  /** Browsers that backends ran in. */
  readonly browsers?: BrowserEnvironments;
};

/** Browsers that backends ran in, by the id of the backend. */
export type BrowserEnvironments = NonNullable<ResultRecord['environment']['browsers']>;

/**
 * Complete a record with protocol id, environment, time, command and digest, validate it, write it atomically and, under
 * `--json`, print it. That a record of other conditions is replaced is said.
 *
 * @param file where it goes.
 * @returns the record as written.
 * @throws {DatasetError} if the content does not make a valid record.
 * @throws {EnvironmentError} if the file cannot be written.
 */
export async function writeRecord(output: Output, file: string, content: RecordContent): Promise<ResultRecord> {
  const { code, runtimes, pinnedTo, browsers = {}, ...fields } = content;
  const environment = describeEnvironment();
  const complete = {
    schemaVersion: 1,
    createdAt: new Date().toISOString(),
    command: commandLine(process.argv.slice(2)),
    ...fields,
    protocol: { id: protocolId(content.protocol), ...content.protocol },
    environment: {
      ...environment,
      packageVersions: { ...environment.packageVersions, ...runtimes },
      ...(code === undefined ? {} : { build: `${code.version}+${code.sha256.slice(0, 12)}` }),
      ...(pinnedTo === undefined ? {} : { pinnedTo }),
      ...(Object.keys(browsers).length === 0 ? {} : { browsers }),
    },
  };
  const record = { ...assertRecord(complete, file), contentSha256: contentDigest(complete, textSha256) };
  await noteReplaced(file, record);
  await writeOutput(file, recordLine(record), recordOutput);
  printJson(output, record);
  if (!output.quiet) printNote(`record: ${file}`);
  return record;
}
