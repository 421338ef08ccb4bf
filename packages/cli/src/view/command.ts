import { type Command, Option } from 'commander';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench view`. */
export function registerView(program: Command): void {
  const collect = (value: string, values: readonly string[]): string[] => [...values, value];
  const command = program
    .command('view')
    .argument('<record...>', 'records of WIDER FACE, or of eval and score, all of the same annotations')
    .option('--data <dir>', 'root of the data set: its images, and its annotations unless --gt names them')
    .option('--gt <path>', 'annotations (default: those of the data set)')
    .option('--images <dir>', 'folder of the images of detection records, where it is not --data')
    .addOption(
      new Option(
        '--pred <[key=]path>',
        'predictions of the first record, or of that of a key (R2=DIR); again for the next',
      )
        .argParser(collect)
        .default([], 'those that the record names'),
    )
    .addOption(
      new Option('--port <n>', 'port of the loopback address').argParser(wholeNumber(0)).default(0, 'a free one'),
    )
    .option('--at <view>', 'what to show first: the part of the address of another view from its # on, in quotes')
    .option('--open', 'open the page in the browser of this machine')
    .option('--no-open', 'only print its address; the default')
    .option('--force', 'show predictions although the numbers of the record are not theirs');
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Serves a page on this machine alone, until Ctrl-C. Press ? on it for its keys.
The address says what is shown (image, scores, filters): the same records with --at and the part from # on show it on another machine.
Exit codes: 0 ended by Ctrl-C; 2 invalid input; 3 environment.

Examples:
  retinabench view results/wider/run.json --pred runs/run --data ../shared/datasets/wider
  retinabench view results/wider/a.json results/wider/b.json --pred runs/a --pred runs/b --data wider
  retinabench view results/detection/run.json --gt labels.csv --images photos --pred R1=predictions.json
  retinabench view results/wider/run.json --at '#image=0--Parade%2Fa.jpg&with=missed'`,
    )
    .action(lazyAction(async () => (await import('./run-view.js')).runView));
}
