import { splits } from '@retinabench/results/settings';
import { type Command, Option } from 'commander';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench report`. */
export function registerReport(program: Command): void {
  const collect = (value: string, values: readonly string[]): string[] => [...values, value];
  const command = program
    .command('report')
    .argument('<file...>', 'result records; the first of each kind is the baseline')
    .option('--out <file>', 'where it goes (default: results/report.html, or .md)')
    .option('--title <text>', 'heading of the page', 'RetinaBench comparison')
    .option('--baseline <file>', 'the record that others of its kind are compared with; once a kind', collect, [])
    .option('--history <file>', 'accepted baselines, for the trend', 'baselines/history.jsonl')
    .option('--markdown', 'the comparison as Markdown, for a pull-request comment')
    .option('--watch', 'write it again whenever a record changes, until interrupted')
    .option('--gallery <n>', 'show the n images that cost most AP; 24 with --pred', wholeNumber(0))
    .option(
      '--pred <[key=]path>',
      'predictions of the first WIDER or detection record, or of that of a key (R2=DIR); again for the next',
      collect,
      [],
    )
    .option(
      '--data <dir>',
      'root of the data set, for the gallery: its images, and its annotations unless --gt names them',
    )
    .option('--gt <path>', 'annotations for the gallery (default: those of the data set)')
    .option('--images <dir>', 'folder of the images of detection records, where it is not --data')
    .addOption(
      new Option('--split <name>', 'split by whose AP the gallery of WIDER records is ranked')
        .choices(splits)
        .default('hard'),
    )
    .option(
      '--resamples <n>',
      'resamples of the images for differences of landmarks (default: 1000); other records are sums over the images',
      wholeNumber(2, 1_000_000),
    )
    .option('--gallery-mb <n>', 'what pictures may take; images beyond are listed without', wholeNumber(1), 8);
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  retinabench report results/wider/*.json results/latency/*.json --baseline baselines/wider.json
  retinabench report results/wider/run.json --pred runs/run --data ../shared/datasets/wider --gallery 24
  retinabench report results/detection/run.json --pred results/detect/run --gt labels.json --images photos
  retinabench report results/wider/*.json --markdown --out comment.md`,
    )
    .action(lazyAction(async () => (await import('./run-report.js')).runReport));
}
