/**
 * How often the 95 % intervals of AP and of paired differences hold the truth. Population: the public run on WIDER FACE
 * validation of the shared data folder, 3,226 images; truth: its AP. Prints Markdown tables for docs/intervals.md.
 *
 *     npx nx run eval-wider:bench-coverage
 *
 * `DRAWS` (1,000) and `IMAGES` (50,100,200,400,826) change how many images are drawn and how often; `BEFORE` (200) is how
 * many of the draws the percentile bootstrap is made of, which these intervals replaced; 0 leaves it out. `REPLACEMENT=no`
 * draws without replacement: then 826 images are a quarter of all that there are, and every interval looks better than it is.
 */
import path from 'node:path';
import { seededRandom } from '@retinabench/core';
import { apDifference, type ImageCurves, splits, tellableLoss, unitsToDecide } from '@retinabench/results';
import { loadGroundTruth, matchRun, readPredictions, scoringProtocol, type WiderPredictions } from '../src/index.js';
import { imageCurves } from '../src/score/image-curves.js';
import { changes, withScoreNoise } from './coverage/changes.js';
import { type Coverage, curvesOfDrawn, type Studied, studyCoverage } from './coverage/study.js';

const wider = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'datasets', 'wider');
const draws = Number(process.env.DRAWS ?? 1000);
const before = Math.min(draws, Number(process.env.BEFORE ?? 200));
const sizes = (process.env.IMAGES ?? '50,100,200,400,826').split(',').map(Number);
const replacement = process.env.REPLACEMENT !== 'no';
const protocol = scoringProtocol('python', 'any');
const groundTruth = loadGroundTruth(path.join(wider, 'ground_truth'));
const run = readPredictions(path.join(wider, 'predictions', 'retinaface-mnet025-original'), protocol);

function curvesOf(predictions: WiderPredictions): readonly ImageCurves[] {
  const matched = matchRun(groundTruth, predictions, protocol);
  return splits.map((split) => imageCurves(matched, groundTruth.counted[split]));
}

const plain = curvesOf(run);
const studied: readonly Studied[] = [
  ...splits.map((split, i): Studied => ({ name: `AP ${split}`, curves: plain[i] })),
  ...changes.flatMap(({ name, kind, of }) => {
    const changed = curvesOf(of(run));
    // Rare faults in all splits, broad changes where intervals are worst: in crowds, and easy.
    return splits.flatMap((split, i): Studied[] =>
      split === 'medium' ? [] : [{ name: `${kind}, ${split}: ${name}`, curves: changed[i], baseline: plain[i] }],
    );
  }),
];

console.log(
  `${draws} draws ${replacement ? 'with' : 'without'} replacement; before: percentile bootstrap, 200 resamples, ${before} draws\n`,
);
console.log(`| 95 % interval of | ${sizes.join(' | ')} |\n|---|${sizes.map(() => '---|').join('')}`);
const columns = sizes.map((images) => {
  process.stderr.write(`${images} images\n`);
  const options = { images, seed: 90 + images, replacement };
  return {
    now: studyCoverage(studied, { ...options, draws, resamples: 0 }),
    was: before > 0 ? studyCoverage(studied, { ...options, draws: before, resamples: 200 }) : undefined,
  };
});
studied.forEach(({ name }, row) => {
  console.log(`| ${name} | ${columns.map(({ now, was }) => cell(now[row], was?.[row])).join(' | ')} |`);
});

/** Coverage in percent now and, in brackets, before; the ratio of the widths. */
function cell(now: Coverage, was: Coverage | undefined): string {
  const percent = ({ held, draws: all }: Coverage): string => ((100 * held) / all).toFixed(1);
  if (was === undefined) return percent(now);
  const widthless = was.widthless > 0 ? `, ${Math.round((100 * was.widthless) / was.draws)} % without width` : '';
  return `${percent(now)} (${percent(was)}${widthless}; ${(now.width / was.width).toFixed(1)} x)`;
}

/** Draws of each verdict: the whole population is drawn, too. */
const verdictDraws = Math.min(draws, 200);

/** What a gate with `maxDrop` 0.002 says of two runs that differ by noise alone, and of a true loss. */
const noisy = [curvesOf(withScoreNoise(run, 1)), curvesOf(withScoreNoise(run, 2))];
const lossy = curvesOf(changes.find(({ name }) => name.startsWith('small faces: 30 %'))?.of(run) ?? run);
const pairs: readonly { name: string; a: readonly ImageCurves[]; b: readonly ImageCurves[] }[] = [
  { name: 'nothing: the same detections', a: plain, b: plain },
  { name: 'nothing but noise on all scores of both', a: noisy[0], b: noisy[1] },
  { name: 'a loss of 2.7 points in hard', a: plain, b: lossy },
];
console.log(`\n| difference, AP hard | images | pass | fail | inconclusive | median of the images that would decide |`);
console.log('|---|---|---|---|---|---|');
for (const { name, a, b } of pairs) {
  for (const images of [86, 200, 826, 3226]) {
    const random = seededRandom(images);
    const tally = { pass: 0, fail: 0, inconclusive: 0 };
    const needed: number[] = [];
    for (let draw = 0; draw < verdictDraws; draw++) {
      const drawn = Int32Array.from({ length: images }, () => Math.floor(random() * plain[2].faces.length));
      const difference = apDifference(curvesOfDrawn(a[2], drawn), curvesOfDrawn(b[2], drawn));
      if (difference === undefined) continue;
      const [low, high] = difference.interval;
      if (difference.deciding === 0 || low >= -0.002) tally.pass++;
      else if (high < -0.002) tally.fail++;
      else {
        tally.inconclusive++;
        const tells = tellableLoss(difference.spread.standardError, difference.unseen.loss);
        const enough = unitsToDecide({ difference: difference.difference, count: images, tells }, 0.002);
        needed.push(enough ?? Number.POSITIVE_INFINITY);
      }
    }
    const share = (count: number): string => `${((100 * count) / verdictDraws).toFixed(1)} %`;
    const median = needed.sort((x, y) => x - y)[needed.length >> 1];
    const cells = [share(tally.pass), share(tally.fail), share(tally.inconclusive), median ?? ''];
    console.log(`| ${name} | ${images} | ${cells.join(' | ')} |`);
  }
}
