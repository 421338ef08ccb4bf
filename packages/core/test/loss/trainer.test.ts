import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import {
  anchorPresets,
  boxIou,
  decodeBoxes,
  encodeBox,
  encodeLandmark,
  type FaceAnnotations,
  generateAnchors,
  type HeadOutputs,
  matchPresets,
  multiTaskLoss,
  multiTaskPresets,
} from '../../src/index.js';
import { hasLandmarks } from '../../src/landmark/has-landmarks.js';
import { seededNormal } from '../support/normal.js';
import { scene } from '../support/scene.js';

const checker = fileURLToPath(new URL('../../../../tools/train/equals_core.py', import.meta.url));
const pythons = [process.env.RETINABENCH_PYTHON ?? 'python3', '/usr/bin/python3'];
const python = pythons.find((name) => spawnSync(name, ['-c', 'import torch, numpy']).status === 0);

/** The side of the trainer's crops. */
const sidePx = 320;
/**
 * Mining and variances of the public training, weights and divisor of the paper: the recipe of docs/training.md. Matching,
 * too, but that a face which is too small to claim its anchor leaves it to the face that has it.
 */
const options = {
  ...multiTaskPresets.mnet,
  match: { ...matchPresets.mnet, takeover: 'claimants' as const },
  mining: { negativesPerPositive: 7, minimumNegatives: 8 },
  weights: multiTaskPresets.paper.weights,
  landmarkDivisor: 'positives' as const,
};

/** Faces in float64; those without landmarks as NaN, which the trainer writes. */
function widened({ boxesXyxy, landmarks }: ReturnType<typeof scene>): Required<FaceAnnotations> {
  const points = Float64Array.from(landmarks);
  for (let face = 0; face < boxesXyxy.length / 4; face++) {
    if (!hasLandmarks(landmarks, face)) points.fill(Number.NaN, face * 10, face * 10 + 10);
  }
  return { boxesXyxy: Float64Array.from(boxesXyxy), landmarks: points };
}

/** Seeded scenes, one with a crowd of small faces, and by hand: ties, a contested anchor, a partly known face, no face. */
function annotatedImages(): Required<FaceAnnotations>[] {
  const crowd = widened(scene(60, 7, { sidePx, minimumPx: 6, maximumPx: 24 }));
  crowd.landmarks[4] = Number.NaN;
  const boxes = [
    // Twice the same face and one of equal overlap with four anchors of 16 pixels at stride 8.
    [8, 8, 24, 24],
    [8, 8, 24, 24],
    [100, 100, 116, 116],
    // Two faces that claim one anchor, below the threshold of a match.
    [200, 200, 208, 208],
    [201, 201, 209, 209],
    // Too small to claim any: alone, and in the anchor of a face.
    [300, 20, 303, 23],
    [106, 106, 109, 109],
  ].flat();
  const byHand = {
    boxesXyxy: Float64Array.from(boxes),
    landmarks: new Float64Array(boxes.length * 2.5).fill(Number.NaN),
  };
  const none = { boxesXyxy: new Float64Array(0), landmarks: new Float64Array(0) };
  return [widened(scene(12, 5, { sidePx, minimumPx: 12, maximumPx: 280 })), crowd, byHand, none];
}

/** What the trainer must compute, by core; NaN is null in JSON. */
function writeCase(folder: string): number {
  const faces = annotatedImages();
  const anchors = generateAnchors(anchorPresets.mnet025, sidePx, sidePx);
  const count = anchors.length / 4;
  const rows = faces.length * count;
  const normal = seededNormal(11);
  const draw = (width: number, scale: number): Float64Array =>
    Float64Array.from({ length: rows * width }, () => scale * normal());
  const outputs = { logits: draw(2, 2), boxes: draw(4, 2), landmarks: draw(10, 3) };
  const zeros = (like: HeadOutputs['logits']): Float64Array => new Float64Array(like.length);
  const gradients = {
    logits: zeros(outputs.logits),
    boxes: zeros(outputs.boxes),
    landmarks: zeros(outputs.landmarks),
  };
  const { matches, ...terms } = multiTaskLoss(outputs, anchors, faces, options, gradients);

  const boxTargets: number[] = [];
  const landmarkTargets: number[] = [];
  const agreeing: boolean[] = [];
  // A detector's boxes: the targets, disturbed so that about half of them still overlap by 0.5.
  const found = { boxes: new Float64Array(rows * 4), landmarks: draw(10, 1) };
  const [target, points] = [new Float64Array(4), new Float64Array(10)];
  faces.forEach(({ boxesXyxy, landmarks }, image) => {
    matches[image].faceOfAnchor.forEach((face, anchor) => {
      if (face < 0) return;
      encodeBox(boxesXyxy, face, anchors, anchor, options.variances, target, 0);
      encodeLandmark(landmarks, face, anchors, anchor, options.variances, points, 0);
      const known = Array.from(points, (_, k) => !Number.isNaN(points[k]));
      boxTargets.push(...target);
      landmarkTargets.push(...points.map((value, k) => (known[k] ? value : Number.NaN)));
      const row = image * count + anchor;
      const disturbed = target.map((value) => value + 1.2 * normal());
      found.boxes.set(disturbed, row * 4);
      const corners = decodeBoxes(
        Float32Array.from(disturbed),
        anchors.subarray(anchor * 4, anchor * 4 + 4),
        options.variances,
        new Float32Array(4),
      );
      agreeing.push(boxIou(corners, 0, boxesXyxy, face, 0) >= 0.5);
    });
  });
  const json = {
    width: sidePx,
    height: sidePx,
    fewest: options.mining.minimumNegatives,
    faces: faces.map(({ boxesXyxy, landmarks }) => ({ boxes: [...boxesXyxy], landmarks: [...landmarks] })),
    anchors: [...anchors],
    outputs: { logits: [...outputs.logits], boxes: [...outputs.boxes], landmarks: [...outputs.landmarks] },
    assignment: matches.map(({ faceOfAnchor }) => Array.from(faceOfAnchor, (face) => Math.max(face, -1))),
    boxTargets,
    landmarkTargets,
    found: { boxes: [...found.boxes], landmarks: [...found.landmarks] },
    agreeing,
    terms,
    gradients: { logits: [...gradients.logits], boxes: [...gradients.boxes], landmarks: [...gradients.landmarks] },
  };
  writeFileSync(path.join(folder, 'case.json'), JSON.stringify(json));
  return terms.positives;
}

describe.skipIf(python === undefined)(
  `tools/train against core${python === undefined ? ': skipped, no Python with torch (RETINABENCH_PYTHON)' : ''}`,
  () => {
    test('anchors, assignment, targets, loss terms and gradients are those of core', () => {
      const folder = mkdtempSync(path.join(tmpdir(), 'retinabench-trainer-'));
      try {
        const positives = writeCase(folder);
        const { assignment, unknownTargets, agreement, ...result } = JSON.parse(
          execFileSync(python as string, [checker, folder], { encoding: 'utf8' }),
        ) as Record<string, number>;
        expect(result.positives).toBe(positives);
        expect(positives).toBeGreaterThan(150);
        expect([assignment, unknownTargets, agreement]).toEqual([0, 0, 0]);
        const { positives: _, ...apart } = result;
        for (const [name, largest] of Object.entries(apart)) {
          // Both compute in float64 from the same numbers; sums over some thousand anchors leave the last digits open.
          expect(largest, name).toBeLessThan(1e-9);
        }
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  },
);

const anyPython = pythons.find((name) => spawnSync(name, ['-c', '']).status === 0);

describe.skipIf(anyPython === undefined)(
  `tools/train schedule${anyPython === undefined ? ': skipped, no Python (RETINABENCH_PYTHON)' : ''}`,
  () => {
    test('a pause is no progress, and the end is reached at the end', () => {
      // From second 0 to 1000. 10 s: 1 %. Paused to 520: 20 s count of 500 that are left with them: 0.01 + 0.99 x 20 / 500.
      // Then 10 s steps: as in a schedule of 480 s, so that half of the rest is gone at 760. At 1000 it has ended.
      const script = [
        `import sys; sys.path.insert(0, ${JSON.stringify(path.dirname(checker))})`,
        'from schedule import Schedule, rate',
        "s = Schedule('00:00'); s.last, s.end = 0, 1000",
        'out = [s.advance(10), s.advance(520)]',
        'out += [[s.advance(530 + 10 * k) for k in range(24)][-1], s.active, s.advance(1000)]',
        'out += [rate(2, 100, 49, 0), rate(2, 100, 500, 0.4), rate(2, 100, 500, 0.75), rate(2, 100, 500, 1)]',
        'import json; print(json.dumps(out))',
      ].join('\n');
      const out = JSON.parse(execFileSync(anyPython as string, ['-c', script], { encoding: 'utf8' })) as number[];
      const paused = 0.01 + (0.99 * 20) / 500;
      // Warm-up half done: half the peak. Held. Half of the cosine: half. Its end: nothing.
      const expected = [0.01, paused, (1 + paused) / 2, 270, 1, 1, 2, 1, 0];
      expected.forEach((value, at) => {
        expect(out[at], `number ${at}`).toBeCloseTo(value, 9);
      });
    });
  },
);
