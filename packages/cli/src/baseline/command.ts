import { DatasetError } from '@retinabench/core';
import type { Command } from 'commander';
import { readRecord } from '../record/read.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { refuseRepeatedFlags } from '../terminal/refuse-repeated-flags.js';
import { acceptBaseline } from './accept-baseline.js';

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
  const entry = await acceptBaseline({ ...flags, record });
  printJson(output, entry);
  printResult(
    output,
    `baseline: ${entry.file}, record ${entry.recordSha256.slice(0, 12)}, accepted by ${entry.by}: ${entry.why}`,
  );
}
