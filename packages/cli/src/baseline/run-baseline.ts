import { DatasetError } from '@retinabench/core';
import { readRecord } from '../record/read.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { acceptBaseline } from './accept-baseline.js';

interface BaselineFlags extends OutputFlags {
  readonly record: string;
  readonly out?: string;
  readonly history: string;
  readonly why?: string;
  readonly by?: string;
  readonly commit?: string;
}

/** The action of `retinabench baseline`. */
export async function runBaseline(flags: BaselineFlags): Promise<void> {
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
