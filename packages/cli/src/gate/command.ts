import { allowances } from '@retinabench/report/settings';
import { slowdownLooks } from '@retinabench/results/settings';
import { type Command, Option } from 'commander';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';
import { refuseRepeatedFlags } from '../terminal/refuse-repeated-flags.js';

/** Resamples below which a verdict would hang on the seed: each end of a 95 % interval then lies beyond fewer than five of them. */
const fewestResamples = 200;

/** Register `retinabench gate`. */
export function registerGate(program: Command): void {
  const command = program
    .command('gate')
    .option('--baseline <file>', 'the accepted record')
    .option('--record <file>', 'the record to judge')
    .option('--config <file>', 'rules, such as { "ap.hard": ["error", { "maxDrop": 0.002 }] }')
    .option('--allow <list>', `differences that may pass as not comparable: ${allowances.join(',')}`)
    .option('--junit <file>', 'also write JUnit XML')
    .option('--markdown <file>', 'also write Markdown, for a comment on a pull request')
    .addOption(
      new Option(
        '--missing-baseline <how>',
        'refuse: a baseline that is not there is an error; accept: this record becomes the first one: bounds are judged, differences are not, and the output says so',
      )
        .choices(['refuse', 'accept'])
        .default('refuse'),
    )
    .option('--pictures <dir>', 'draw the images that lose most against the baseline: worse-1.webp and so on')
    .option(
      '--pred <path>',
      "with --pictures: the record's predictions, the folder that wider or eval leaves, or what was scored (default: those that the record names)",
    )
    .option(
      '--data <dir>',
      'with --pictures: root of the data set: its images, and its annotations unless --gt names them',
    )
    .option('--gt <path>', 'with --pictures: its annotations (default: those of the data set)')
    .option('--images <dir>', 'with --pictures: folder of the images of a detection record, where it is not --data')
    .option('--history <file>', 'where an accepted first baseline is written down', 'baselines/history.jsonl')
    .option(
      '--latency <base>',
      'judge latency against a git revision, interleaved: of --model, a file of your repository, or of what --run measures; in a checkout of RetinaBench, of its own build, also against a folder with a built one',
    )
    .option('--model <file>', 'with --latency: the .onnx of your repository whose base is taken from the revision')
    .option('--run <command>', 'with --latency: what prints times as JSON, run in the work tree of the base and here')
    .option('--build <command>', 'with --run: what builds the work tree of the base; here it is taken as built')
    .option('--latency-command <head>', 'judge the times that this command prints as JSON, with --against')
    .option('--against <base>', 'the command whose times are the base')
    .option('--latency-models <base,head>', 'judge the latency of two models, interleaved')
    .option('--latency-backends <base,head>', 'judge the latency of two backends, interleaved')
    .option('--bench-args <args>', 'what each process of retinabench bench is given', '--rounds 1 --round-ms 400')
    .option(
      '--max-pairs <n>',
      `pairs of processes at most, from ${slowdownLooks[0]}`,
      wholeNumber(slowdownLooks[0]),
      135,
    )
    .option(
      '--resamples <n>',
      `resamples of the images for differences of landmarks, from ${fewestResamples} (default: 1000); other records are sums over the images`,
      wholeNumber(fewestResamples, 1_000_000),
    )
    .option('--seed <n>', 'seed of the order of base and head within a pair', wholeNumber(0), 1);
  addReadingFlags(addReadingFlags(command, 'gt'), 'pred');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Exit codes: 0 pass, warn or inconclusive; 1 regression; 2 invalid input or not comparable; 3 environment.

Examples:
  retinabench gate --baseline baselines/wider.json --record results/wider/hard.json --config gates.json
  retinabench gate --latency origin/main --model models/detector.onnx          # base from the history
  retinabench gate --latency origin/main --run 'node bench.js' --build 'npm ci && npm run build'
  retinabench gate --latency-command 'node head.js' --against 'node base.js'   # each prints [12.1, 11.9, ...], ms`,
    )
    .action(lazyAction(async () => (await import('./run-gate.js')).runGate));
  refuseRepeatedFlags(command);
}
