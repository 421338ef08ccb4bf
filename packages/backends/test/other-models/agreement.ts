import { readFileSync } from 'node:fs';
import path from 'node:path';
import { boxIou } from '@retinabench/core';
import { readOnnxFile } from '@retinabench/models/node';
import { parseScaleRule } from '../../src/detector/scale-rule.js';
import { decodeImage } from '../../src/image/decode.js';
import { loadDetector } from '../../src/registry/load-detector.js';
import { sharedFolder } from '../shared.js';
import type { OtherModel } from './cards.js';

/** How detections compare with a reference that an independent decoder made. */
export interface Agreement {
  /** Reference boxes with a score of at least 0.1. */
  readonly expected: number;
  /** Those with a detection of IoU >= 0.99 whose score is within 1e-3. */
  readonly found: number;
  /** Detections of at least 0.1. */
  readonly detected: number;
}

interface Reference {
  readonly image: string;
  readonly boxes: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

const folder = path.join(sharedFolder, 'models/other');

/** Run a model on the first images of its reference. */
export async function agreementWith(model: OtherModel, backendId: string, images: number): Promise<Agreement> {
  const { card, scale } = model;
  const { bytes } = await readOnnxFile(path.join(folder, `${card.id}.onnx`));
  const asked = { scale: parseScaleRule(scale) };
  const { detector, dispose } = await loadDetector({ bytes, card }, backendId, asked, { threads: 1 });
  const total = { expected: 0, found: 0, detected: 0 };
  try {
    for (const reference of references(card.id).slice(0, images)) {
      const file = path.join(sharedFolder, 'datasets/wider/WIDER_val/images', reference.image);
      const { boxesXyxy, scores } = await detector.detect(await decodeImage(file, file));
      total.detected += scores.filter((score) => score >= 0.1).length;
      for (const [at, box] of reference.boxes.entries()) {
        if (reference.scores[at] < 0.1) continue;
        total.expected++;
        const one = Float64Array.from(box);
        const partner = scores.findIndex(
          (score, row) => Math.abs(score - reference.scores[at]) <= 1e-3 && boxIou(one, 0, boxesXyxy, row, 0) >= 0.99,
        );
        if (partner >= 0) total.found++;
      }
    }
  } finally {
    await dispose();
  }
  return total;
}

function references(id: string): Reference[] {
  return readFileSync(path.join(folder, 'reference', `${id}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Reference);
}
