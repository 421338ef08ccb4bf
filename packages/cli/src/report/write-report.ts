import { renderMarkdown, renderPage } from '@retinabench/report';
import { collectPage } from '../page/collect-page.js';
import { readPageAssets } from '../page/page-assets.js';
import { pageOutput } from '../page/page-output.js';
import { type Output, printJson, printResult } from '../terminal/output.js';
import { requireWritable, writeOutput } from '../terminal/output-file.js';
import type { ReportFlags } from './flags.js';
import { collectGallery } from './gallery/collect-gallery.js';

/**
 * Compare records and write the page, or under `--markdown` the comparison as Markdown.
 *
 * @param given all flags of the command.
 * @throws {DatasetError}, {ProtocolError}, {EnvironmentError} as collectPage, collectGallery and writeOutput.
 */
export async function writeReport(
  output: Output,
  files: readonly string[],
  flags: ReportFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  const file = flags.out ?? (flags.markdown ? 'results/report.md' : 'results/report.html');
  await requireWritable(file, pageOutput);
  const data = await collectPage(output, files, flags, (records) => collectGallery(records, flags, given));
  const content = flags.markdown ? renderMarkdown(data) : renderPage(data, await readPageAssets('report'));
  await writeOutput(file, content, pageOutput);
  const bytes = Buffer.byteLength(content);
  printJson(output, { file, bytes, records: data.records.length });
  printResult(
    output,
    `page: ${file}, ${data.records.length} record${data.records.length === 1 ? '' : 's'}, ${Math.ceil(bytes / 1024)} KiB`,
  );
}
