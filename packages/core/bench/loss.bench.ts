/**
 * Matching and the multi-task loss with gradients at 640 x 640 on the 102,300 anchors of the paper, against the plain
 * TensorFlow.js expression of the same loss (terms only: it is given matches and mined anchors).
 *
 *     npx nx run core:bench-loss
 */
import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { anchorPresets, generateAnchors, match, matchPresets, multiTaskLoss, multiTaskPresets } from '../src/index.js';
import { seededNormal } from '../test/support/normal.js';
import { scene } from '../test/support/scene.js';
import { denseTargets, tfjsLoss } from '../test/support/tfjs-loss.js';
import { interleave } from './support/interleave.js';

const options = multiTaskPresets.paper;
const anchors = generateAnchors(anchorPresets.resnet, 640, 640);
const rows = anchors.length / 4;
const normal = seededNormal(1);
const draw = (length: number): Float32Array => Float32Array.from({ length }, () => 2 * normal());
const outputs = { logits: draw(rows * 2), boxes: draw(rows * 4), landmarks: draw(rows * 10) };
const gradients = {
  logits: new Float32Array(rows * 2),
  boxes: new Float32Array(rows * 4),
  landmarks: new Float32Array(rows * 10),
};

for (const count of [10, 100, 700]) {
  const { boxesXyxy } = scene(count, count, { maximumPx: count > 100 ? 100 : 400 });
  const out = { faceOfAnchor: new Int32Array(rows), bestIouOfFace: new Float64Array(count) };
  const positives = match(anchors, boxesXyxy, matchPresets.paper, out);
  interleave(`match: ${rows} anchors x ${count} faces, ${positives} positives`, [
    { name: 'match', run: () => match(anchors, boxesXyxy, matchPresets.paper, out) },
  ]);
}

/** The heads' loss in one turn each; TensorFlow.js starts asynchronously. */
async function compareLosses(): Promise<void> {
  const faces = [scene(100, 100, { maximumPx: 400 })];
  const loss = multiTaskLoss(outputs, anchors, faces, options);
  await tf.setBackend('cpu');
  const targets = denseTargets(outputs, anchors, faces, options, loss);
  const inputs = [
    tf.tensor2d(outputs.logits, [rows, 2]),
    tf.tensor2d(outputs.boxes, [rows, 4]),
    tf.tensor2d(outputs.landmarks, [rows, 10]),
  ];
  const withAutodiff = tf.valueAndGrads((logits, boxes, landmarks) =>
    tfjsLoss(logits as tf.Tensor2D, boxes as tf.Tensor2D, landmarks as tf.Tensor2D, targets, options),
  );
  interleave(
    `loss with gradients: ${rows} anchors x 100 faces, ${loss.positives} positives, ${loss.negatives} negatives`,
    [
      {
        name: 'match + mine + loss + gradients',
        run: () => multiTaskLoss(outputs, anchors, faces, options, gradients),
      },
      {
        name: 'TensorFlow.js cpu, terms and autodiff only',
        run: () => {
          const { value, grads } = withAutodiff(inputs);
          value.dataSync();
          tf.dispose([value, ...grads]);
        },
      },
    ],
    15,
    3,
  );
}

void compareLosses();
