import path from 'node:path';
import { parseArgs } from 'node:util';
import { replaceFile } from '@retinabench/files';
import { defaultModelId, writeTrainedHead } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import { resume, saveCheckpoint } from './checkpoint.js';
import { exportHead } from './export-head.js';
import { loadFaceModel } from './face-model.js';
import { colourInputs, FeatureNetwork } from './feature-network.js';
import { featureSpace, featuresIn } from './feature-space.js';
import { fillCache, readCache } from './sample-cache.js';
import { sourcesOf } from './sources.js';
import { defaultRecipe, Trainer } from './trainer.js';

const { values: flags } = parseArgs({
  options: {
    shared: { type: 'string', default: process.env.RETINABENCH_SHARED ?? '../shared' },
    model: { type: 'string', default: defaultModelId },
    out: { type: 'string', default: 'results/train-dense' },
    views: { type: 'string', default: '1200' },
    steps: { type: 'string', default: `${defaultRecipe.landmarks.steps},${defaultRecipe.all.steps}` },
    seed: { type: 'string', default: String(defaultRecipe.seed) },
    hidden: { type: 'string', default: String(defaultRecipe.hidden) },
    'save-every': { type: 'string', default: '100' },
    'stop-after': { type: 'string' },
  },
});
const [landmarkSteps, steps] = flags.steps.split(',').map(Number);
const recipe = {
  ...defaultRecipe,
  landmarks: { ...defaultRecipe.landmarks, steps: landmarkSteps },
  all: { ...defaultRecipe.all, steps },
  seed: Number(flags.seed),
  hidden: Number(flags.hidden),
};

const network = await FeatureNetwork.open(await resolveModel(flags.model));
const sources = sourcesOf('train', flags.shared, recipe.seed).slice(0, Number(flags.views));
const cache = path.join(flags.out, 'samples');
const rule = { score: 0.7, heightPx: 32, boxIou: 0.6, perFace: 2 };
await fillCache(cache, sources, network, rule, recipe.seed, (views, found) => {
  console.log(`${views} of ${sources.length} views, ${found} samples added`);
});
await network.dispose();

const samples = readCache(cache, sources.length, network.channels + colourInputs);
const space = featureSpace(samples, network.levelOfHead);
const trained = network.levelOfHead.map((_, head) => samples.heads.filter((of) => of === head).length);
const heads = network.levelOfHead.length;
const trainer = new Trainer(recipe, loadFaceModel(), heads, samples, featuresIn(space, samples));
const checkpoint = path.join(flags.out, 'checkpoint.safetensors');
const about = `${network.fingerprint.slice(0, 12)}, ${samples.count} samples`;
const resumed = resume(checkpoint, trainer, about);
console.log(
  `${samples.count} samples (${trained.join(', ')} by anchor size), ${resumed ? `resumed at step ${trainer.step}` : 'from scratch'}`,
);
const last = Math.min(trainer.lastStep, Number(flags['stop-after'] ?? trainer.lastStep));
const startedMs = performance.now();
const startedAt = trainer.step;
while (trainer.step < last) {
  const { total, pixel, landmark, prior, lost } = trainer.advance();
  if (trainer.step % 20 === 0) {
    const leftS = ((performance.now() - startedMs) / 1000 / (trainer.step - startedAt)) * (last - trainer.step);
    const terms = [total, pixel, landmark, prior].map((term) => term.toFixed(5)).join(', ');
    console.log(
      `step ${trainer.step}: total, pixel, landmark, prior ${terms}${lost > 0 ? `, ${lost} lost` : ''}; ${leftS.toFixed(0)} s left`,
    );
  }
  if (trainer.step % Number(flags['save-every']) === 0) saveCheckpoint(checkpoint, trainer, about);
}
saveCheckpoint(checkpoint, trainer, about);
const file = path.join(flags.out, 'dense-head.safetensors');
replaceFile(
  file,
  writeTrainedHead({
    title: 'a dense head trained on WIDER FACE train and LFW',
    licence: 'research only (WIDER FACE, LFW)',
    base: flags.model,
    fingerprint: network.fingerprint,
    frame: 'face',
    ...exportHead(trainer.head, space, trained),
  }),
);
console.log(`wrote ${file}; next: npx nx run train-dense:measure`);
