import { renderMarkdown, renderPage } from '@retinabench/report';
import { readPageAssets } from '../page/page-assets.js';
import { type Output, printJson, printNote, printResult } from '../terminal/output.js';
import { type OutputKind, requireWritable, writeOutput } from '../terminal/output-file.js';
import { collectPage } from './collect.js';
import type { ReportFlags } from './flags.js';

/** A page, whose place `--out` or `--report` says. */
export const pageOutput: OutputKind = {
  what: 'the page',
  flag: '--out FILE',
  begins: /^\uFEFF?\s*(<!doctype html|#+ )/i,
};

/**
 * Compare records and write the page, or under `--markdown` the comparison as Markdown.
 *
 * @throws {DatasetError}, {ProtocolError}, {EnvironmentError} as collectPage and writeOutput.
 */
export async function writeReport(output: Output, files: readonly string[], flags: ReportFlags): Promise<void> {
  const file = flags.out ?? (flags.markdown ? 'results/report.md' : 'results/report.html');
  await requireWritable(file, pageOutput);
  const data = await collectPage(output, files, flags);
  const content = flags.markdown ? renderMarkdown(data) : renderPage(data, await readPageAssets('report'));
  await writeOutput(file, content, pageOutput);
  const bytes = Buffer.byteLength(content);
  printJson(output, { file, bytes, records: data.records.length });
  printResult(
    output,
    `page: ${file}, ${data.records.length} record${data.records.length === 1 ? '' : 's'}, ${Math.ceil(bytes / 1024)} KiB`,
  );
}

/**
 * Write the page of records that a command made beside them (`--report FILE`), and say where it is.
 *
 * @throws as writeReport.
 */
export async function leavePage(output: Output, records: readonly string[], file: string): Promise<void> {
  const silent = { quiet: output.quiet, json: false };
  const data = await collectPage(silent, records, {
    title: 'RetinaBench comparison',
    history: 'baselines/history.jsonl',
    baseline: [],
    pred: [],
    split: 'hard',
    galleryMb: 8,
  });
  await writeOutput(file, renderPage(data, await readPageAssets('report')), pageOutput);
  if (!output.quiet) printNote(`page: ${file}`);
}
