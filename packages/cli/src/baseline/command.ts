import { createHash } from 'node:crypto';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import { appendLine, type BaselineEntry, headlineValues, parseHistory, recordDigest } from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';
import type { Command } from 'commander';
import { readRecord } from '../record/read.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { type Output, printJson, printResult } from '../terminal/output.js';
import { type OutputKind, recordBegins, requireWritable, writeOutput } from '../terminal/output-file.js';
import { refuseRepeatedFlags } from '../terminal/refuse-repeated-flags.js';
import { lockHistory, readHistory, writeHistory } from './history-file.js';
import { currentCommit, currentUser } from './repository.js';

const baselineOutput: OutputKind = { what: 'the baseline', flag: '--out FILE', begins: recordBegins };

interface BaselineFlags extends OutputFlags {
  readonly record: string;
  readonly out?: string;
  readonly history: string;
  readonly why?: string;
  readonly by?: string;
  readonly commit?: string;
}

/** Register `retinabench baseline`. */
export function registerBaseline(program: Command): void {
  const command = program
    .command('baseline')
    .requiredOption('--record <file>', 'the record to accept')
    .option(
      '--out <file>',
      'where the gate will find it (default: beside the history, <kind>-<model>-<backend>-<data set>-<protocol>.json)',
    )
    .option('--history <file>', 'the append-only history, one decision a line', 'baselines/history.jsonl')
    .option('--why <text>', 'the reason, for those who read the trend later')
    .option('--by <name>', "who decided (default: GITHUB_ACTOR, else git's user)")
    .option('--commit <sha>', 'the commit whose numbers these are (default: the checked-out one)');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Example:
  retinabench baseline --record results/wider/hard.json --why 'int8 model, smaller by half'`,
    )
    .action(runBaseline);
  refuseRepeatedFlags(command);
}

async function runBaseline(flags: BaselineFlags): Promise<void> {
  const output = outputOf(flags);
  const record = await readRecord(flags.record);
  if (flags.commit !== undefined && !/^[0-9a-f]{7,64}$/.test(flags.commit)) {
    throw new DatasetError(`--commit: expected 7 to 64 lower-case hex digits, got ${flags.commit}`);
  }
  const out = flags.out ?? path.join(path.dirname(flags.history), baselineName(record));
  if (path.resolve(out) === path.resolve(flags.history)) {
    throw new DatasetError(`${out}: expected two places for baseline and history, got one; correct --out or --history`);
  }
  await requireWritable(flags.history, { what: 'the history', flag: '--history FILE' });
  await requireWritable(out, baselineOutput);
  const release = await lockHistory(flags.history);
  try {
    await accept(output, flags, record, out);
  } finally {
    release();
  }
}

/** Write the history, then the baseline, and the old history again if that fails: no baseline is without its line. */
async function accept(output: Output, flags: BaselineFlags, record: ResultRecord, out: string): Promise<void> {
  const history = await readHistory(flags.history);
  parseHistory(history, flags.history);
  const commit = flags.commit ?? currentCommit();
  const entry: BaselineEntry = {
    acceptedAt: new Date().toISOString(),
    ...(commit === undefined ? {} : { commit }),
    recordSha256: recordDigest(record),
    by: flags.by ?? currentUser(),
    why: flags.why ?? 'not stated',
    kind: record.kind,
    ...(record.model === undefined ? {} : { model: record.model.id }),
    ...(record.backend === undefined ? {} : { backend: record.backend.id }),
    ...(record.dataset === undefined ? {} : { dataset: record.dataset.name }),
    protocolId: record.protocol.id,
    values: headlineValues(record),
  };
  writeHistory(flags.history, history + appendLine(history, entry));
  try {
    await writeOutput(out, `${JSON.stringify(record)}\n`, baselineOutput);
  } catch (error) {
    writeHistory(flags.history, history);
    throw error;
  }
  printJson(output, { ...entry, file: out });
  printResult(
    output,
    `baseline: ${out}, record ${entry.recordSha256.slice(0, 12)}, accepted by ${entry.by}: ${entry.why}`,
  );
}

/**
 * `wider-retinaface-mnet025-ort-node-wider-val-01234567-0123456789ab.json`: one file per thing that a gate compares. Names that
 * would lose signs, length or case of a word end with a hash of the words besides, so that no two things have one name.
 */
function baselineName({ kind, model, backend, dataset, protocol }: ResultRecord): string {
  const all = [kind, model?.id, backend?.id, dataset?.name, dataset?.sha256.slice(0, 8), protocol.id];
  const parts = all.filter((part): part is string => part !== undefined);
  const words = parts.map((part) => part.replace(/[^\w.-]+/g, '_').slice(0, 60));
  const isWhole = parts.every((part, index) => part === words[index] && part === part.toLowerCase());
  const hash = isWhole ? [] : [createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 8)];
  return `${[...words, ...hash].join('-')}.json`;
}
