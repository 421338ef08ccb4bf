import { renderMarkdown, renderPage } from '@retinabench/report';
import { type Output, printJson, printResult } from '../terminal/output.js';
import { type OutputKind, requireWritable, writeOutput } from '../terminal/output-file.js';
import { readPageAssets } from './assets.js';
import { collectPage } from './collect.js';
import type { ReportFlags } from './flags.js';

/** A page, whose place `--out` or `--report` says. */
export const pageOutput: OutputKind = {
  what: 'the page',
  flag: '--out FILE',
  begins: /^\uFEFF?\s*(<!doctype html|#+ )/i,
};

/** The flags of a page of records where the command has none for it. */
export const plainReport: ReportFlags = {
  title: 'RetinaBench comparison',
  history: 'baselines/history.jsonl',
  pred: [],
  split: 'hard',
  galleryMb: 8,
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
  const content = flags.markdown ? renderMarkdown(data) : renderPage(data, await readPageAssets());
  await writeOutput(file, content, pageOutput);
  const bytes = Buffer.byteLength(content);
  printJson(output, { file, bytes, records: data.records.length });
  printResult(
    output,
    `page: ${file}, ${data.records.length} record${data.records.length === 1 ? '' : 's'}, ${Math.ceil(bytes / 1024)} KiB`,
  );
}
