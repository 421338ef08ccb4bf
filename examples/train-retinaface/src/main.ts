import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { saveModel } from '@retinabench/models/node';
import { resume, saveCheckpoint } from './checkpoint.js';
import { chooseEngine } from './engine.js';
import { exportModel } from './export.js';
import { openPhotographs } from './photographs.js';
import { Trainer } from './trainer.js';

const { values: flags } = parseArgs({
  options: {
    data: { type: 'string' },
    gt: { type: 'string' },
    out: { type: 'string', default: 'results/train-retinaface' },
    width: { type: 'string', default: '1' },
    side: { type: 'string', default: '320' },
    batch: { type: 'string', default: '16' },
    steps: { type: 'string', default: '20000' },
    rate: { type: 'string', default: '0.002' },
    seed: { type: 'string', default: '1' },
    'save-every': { type: 'string', default: '100' },
    'stop-after': { type: 'string' },
  },
});

const recipe = {
  width: Number(flags.width),
  sidePx: Number(flags.side),
  batch: Number(flags.batch),
  steps: Number(flags.steps),
  rate: Number(flags.rate),
  seed: Number(flags.seed),
};
const checkpoint = path.join(flags.out, 'checkpoint.safetensors');
const last = Math.min(recipe.steps, Number(flags['stop-after'] ?? recipe.steps));

const engine = await chooseEngine();
const photographs = await openPhotographs(flags.data, flags.gt);
const trainer = new Trainer(recipe, photographs);
mkdirSync(flags.out, { recursive: true });
const resumed = resume(checkpoint, trainer);
console.log(
  `${photographs.count} photographs, ${trainer.parameters.parameters} parameters, engine ${engine}, ${resumed ? `resumed at step ${trainer.step}` : 'from scratch'}`,
);
const startedMs = performance.now();
const startedAt = trainer.step;
while (trainer.step < last) {
  const { total, classification, box, landmark, positives } = await trainer.advance();
  if (trainer.step % 10 === 0) {
    const perCrop = (performance.now() - startedMs) / (trainer.step - startedAt) / recipe.batch;
    const terms = [total, classification, box, landmark].map((term) => term.toFixed(3)).join(', ');
    console.log(
      `step ${trainer.step}: total, classification, box, landmark ${terms} over ${positives} positives; ${perCrop.toFixed(0)} ms a crop`,
    );
  }
  if (trainer.step % Number(flags['save-every']) === 0) saveCheckpoint(checkpoint, trainer);
}
saveCheckpoint(checkpoint, trainer);
if (recipe.width === 1) {
  const file = path.join(flags.out, 'retinaface.onnx');
  await saveModel(file, exportModel(trainer.parameters, 'retinaface-trained', trainer.step));
  console.log(`wrote ${file}; next: npx retinabench wider all --model ${file}`);
}
