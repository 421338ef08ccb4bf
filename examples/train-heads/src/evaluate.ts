import type { DetectedImage } from '@retinabench/backends/runs';
import { decodeBoxes, nms } from '@retinabench/core';
import { evaluateWider, scoringProtocol, toPredictions } from '@retinabench/eval-wider';
import * as tf from '@tensorflow/tfjs-core';
import { featureCount } from './features.js';
import type { Heads } from './heads.js';
import { lossOptions } from './train.js';
import type { Sample, TrainingSet } from './training-set.js';

/** Boxes must score above it; the floor of the public evaluation. */
const scoreFloor = 0.02;

/** AP of the heads on the images, all their annotated faces counted (the split `hard`), at IoU 0.5. */
export function averagePrecision(heads: Heads, { samples, groundTruth }: TrainingSet): number {
  const detected = samples.map((sample) => detect(heads, sample));
  if (detected.every(({ detections }) => detections.length === 0)) return 0;
  return evaluateWider(groundTruth, toPredictions(detected), scoringProtocol('python')).ap.hard ?? 0;
}

/** The faces that the heads find in one image, in pixels of the photograph. */
export function detect(heads: Heads, sample: Sample): DetectedImage {
  const { logits, boxes } = tf.tidy(() => {
    const features = tf.tensor2d(sample.features, [sample.features.length / featureCount, featureCount]);
    const outputs = heads.apply(features);
    return { logits: outputs.logits.dataSync(), boxes: outputs.boxes.dataSync() as Float32Array };
  });
  const corners = decodeBoxes(boxes, sample.anchors, lossOptions.variances, new Float32Array(boxes.length));
  const scoreOf = (index: number): number => 1 / (1 + Math.exp(logits[index * 2] - logits[index * 2 + 1]));
  const survivors = Array.from({ length: boxes.length / 4 }, (_, index) => index).filter(
    (index) => scoreOf(index) > scoreFloor,
  );
  const found = Float32Array.from(survivors.flatMap((index) => [...corners.subarray(index * 4, index * 4 + 4)]));
  const scores = Float32Array.from(survivors, scoreOf);
  const keep = new Int32Array(scores.length);
  const kept = nms(found, scores, { iouThreshold: 0.4, convention: 'pixel' }, keep);
  const detections: number[] = [];
  for (const index of keep.subarray(0, kept)) {
    const [x1, y1, x2, y2] = found.subarray(index * 4, index * 4 + 4).map((value) => value / sample.scale);
    detections.push(x1, y1, x2 - x1, y2 - y1, scores[index]);
  }
  return { image: sample.name, widthPx: sample.widthPx, heightPx: sample.heightPx, detections };
}
