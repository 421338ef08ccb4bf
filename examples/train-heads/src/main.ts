import '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { averagePrecision } from './evaluate.js';
import { Heads } from './heads.js';
import { trainHeads } from './train.js';
import { loadTrainingSet } from './training-set.js';

const steps = 300;

await tf.setBackend('wasm');
const trainingSet = await loadTrainingSet(['0--Portrait', '1--Group'], 12);
const heads = new Heads(1);
console.log(
  `${trainingSet.samples.length} images; AP before training ${averagePrecision(heads, trainingSet).toFixed(3)}`,
);
const startedMs = performance.now();
trainHeads(heads, trainingSet.samples, {
  steps,
  learningRate: 0.008,
  seed: 2,
  onStep: (step, { total, classification, box, landmark, positives }) => {
    if (step % 25 !== 0 && step !== steps - 1) return;
    const terms = [total, classification, box, landmark].map((term) => term.toFixed(3)).join(', ');
    console.log(`step ${step}: total, classification, box, landmark ${terms} over ${positives} positives`);
  },
});
console.log(`${steps} steps in ${((performance.now() - startedMs) / 1000).toFixed(1)} s`);
console.log(`AP after training ${averagePrecision(heads, trainingSet).toFixed(3)}`);
