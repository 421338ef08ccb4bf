import '@tensorflow/tfjs-backend-cpu';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, test } from 'vitest';
import { anchorPresets, generateAnchors, multiTaskLoss, multiTaskPresets } from '../../src/index.js';
import { seededNormal } from '../support/normal.js';
import { scene } from '../support/scene.js';
import { denseTargets, tfjsLoss } from '../support/tfjs-loss.js';

/** TensorFlow.js works in float32. */
const toleranceRelative = 1e-5;

describe('multiTaskLoss', () => {
  beforeAll(async () => {
    await tf.setBackend('cpu');
  });

  test.each(['paper', 'mnet'] as const)('equals TensorFlow.js and its autodiff on the same inputs: %s', (preset) => {
    const options = multiTaskPresets[preset];
    const anchors = generateAnchors(anchorPresets.mnet025, 160, 160);
    const faces = [scene(12, 70, { sidePx: 160, maximumPx: 120 }), scene(6, 71, { sidePx: 160, maximumPx: 150 })];
    const rows = (anchors.length / 4) * faces.length;
    const normal = seededNormal(72);
    const draw = (length: number): Float32Array => Float32Array.from({ length }, () => 2 * normal());
    const outputs = { logits: draw(rows * 2), boxes: draw(rows * 4), landmarks: draw(rows * 10) };
    const gradients = {
      logits: new Float32Array(rows * 2),
      boxes: new Float32Array(rows * 4),
      landmarks: new Float32Array(rows * 10),
    };
    const loss = multiTaskLoss(outputs, anchors, faces, options, gradients);

    const targets = denseTargets(outputs, anchors, faces, options, loss);
    const inputs = [
      tf.tensor2d(outputs.logits, [rows, 2]),
      tf.tensor2d(outputs.boxes, [rows, 4]),
      tf.tensor2d(outputs.landmarks, [rows, 10]),
    ];
    const { value, grads } = tf.valueAndGrads((logits, boxes, landmarks) =>
      tfjsLoss(logits as tf.Tensor2D, boxes as tf.Tensor2D, landmarks as tf.Tensor2D, targets, options),
    )(inputs);

    expect(Math.abs(loss.total / value.dataSync()[0] - 1)).toBeLessThan(toleranceRelative);
    [gradients.logits, gradients.boxes, gradients.landmarks].forEach((found, index) => {
      const expected = grads[index].dataSync();
      let [largest, error] = [0, 0];
      expected.forEach((slope, at) => {
        largest = Math.max(largest, Math.abs(slope));
        error = Math.max(error, Math.abs(slope - found[at]));
      });
      expect(largest).toBeGreaterThan(0);
      expect(error / largest).toBeLessThan(toleranceRelative);
    });
  });
});
