import { renderPage } from '@retinabench/report';
import { type Output, printNote } from '../terminal/output.js';
import { writeOutput } from '../terminal/output-file.js';
import { collectPage } from './collect-page.js';
import { readPageAssets } from './page-assets.js';
import { pageOutput } from './page-output.js';

/**
 * Write the page of records that a command made beside them (`--report FILE`), and say where it is.
 *
 * @throws as collectPage and writeOutput.
 */
export async function leavePage(output: Output, records: readonly string[], file: string): Promise<void> {
  const silent = { quiet: output.quiet, json: false };
  const data = await collectPage(silent, records, {
    title: 'RetinaBench comparison',
    history: 'baselines/history.jsonl',
    baseline: [],
  });
  await writeOutput(file, renderPage(data, await readPageAssets('report')), pageOutput);
  if (!output.quiet) printNote(`page: ${file}`);
}
