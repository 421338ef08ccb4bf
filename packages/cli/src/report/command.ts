import { mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import {
  buildPageData,
  type PageData,
  pairedApDifferences,
  parseHistory,
  renderPage,
  type SourcedRecord,
} from '@retinabench/report';
import type { Command } from 'commander';
import writeFileAtomic from 'write-file-atomic';
import { readHistory } from '../baseline/history-file.js';
import { readRecord } from '../record/read.js';
import { commandLine } from '../terminal/command-line.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { readPageAssets } from './assets.js';

interface ReportFlags extends OutputFlags {
  readonly out: string;
  readonly title: string;
  readonly baseline?: string;
  readonly history: string;
}

/** Register `retinabench report`. */
export function registerReport(program: Command): void {
  const command = program
    .command('report')
    .description('one offline HTML page that compares any number of records')
    .argument('<file...>', 'result records; the first of each kind is the baseline')
    .option('--out <file>', 'where the page goes', 'results/report.html')
    .option('--title <text>', 'heading of the page', 'RetinaBench comparison')
    .option('--baseline <file>', 'the record that the others are compared with')
    .option('--history <file>', 'accepted baselines, for the trend', 'baselines/history.jsonl');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Example:
  retinabench report results/wider/*.json results/latency/*.json --baseline baselines/wider.json`,
    )
    .action(runReport);
}

async function runReport(files: readonly string[], flags: ReportFlags): Promise<void> {
  const output = outputOf(flags);
  const data = await collect(files, flags);
  const html = renderPage(data, await readPageAssets());
  await write(flags.out, html);
  printJson(output, { file: flags.out, bytes: Buffer.byteLength(html), records: data.records.length });
  printResult(
    output,
    `page: ${flags.out}, ${data.records.length} records, ${Math.ceil(Buffer.byteLength(html) / 1024)} KiB`,
  );
}

async function collect(files: readonly string[], flags: ReportFlags): Promise<PageData> {
  const named = flags.baseline === undefined ? files : [flags.baseline, ...files];
  const distinct = [...new Map(named.map((file) => [path.resolve(file), file])).values()];
  const records = await Promise.all(
    distinct.map(async (file): Promise<SourcedRecord> => ({ file, record: await readRecord(file) })),
  );
  return buildPageData({
    title: flags.title,
    createdAt: new Date().toISOString(),
    command: commandLine(process.argv.slice(2)),
    records,
    baseline: 0,
    history: parseHistory(await readHistory(flags.history), flags.history),
    pairedApDifference: pairedApDifferences(),
  });
}

async function write(file: string, content: string): Promise<void> {
  try {
    if ((await stat(file).catch(() => undefined))?.isDirectory()) {
      throw new DatasetError(`${file}: expected a file to write, got a folder; name one with --out FILE`);
    }
    await mkdir(path.dirname(file), { recursive: true });
    await writeFileAtomic(file, content);
  } catch (cause) {
    if (cause instanceof DatasetError) throw cause;
    throw new EnvironmentError(`${file}: cannot write the page (${(cause as Error).message}); choose --out FILE`, {
      cause,
    });
  }
}
