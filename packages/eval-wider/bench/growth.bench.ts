/**
 * How cost grows with size: of each series processor time and memory at three or four sizes, and the exponent between the
 * first and the last, 1 where twice the work takes twice the time. All input is made up and seeded. Times are the least of
 * three runs; memory is what the heap and its buffers hold more at the end of the first.
 *
 *     npx nx run eval-wider:bench-growth
 */
import { buildHierarchy, match, matchPresets, nms, seededRandom, softNms, voteBoxes } from '@retinabench/core';
import { evaluateWider, scoringProtocol, type WiderGroundTruth, type WiderPredictions } from '../src/index.js';
import { type AlignedDetections, alignDetections } from '../src/predictions/align.js';
import { PredictionsBuilder } from '../src/predictions/builder.js';
import { matchDetections } from '../src/score/match.js';
import { buildGroundTruth } from '../test/build-ground-truth.js';
import { syntheticRun } from '../test/synthetic.js';

/** One thing whose cost is measured. */
interface Series {
  readonly name: string;
  readonly unit: string;
  readonly sizes: readonly number[];
  /** Make the input of a size; the work is what is measured. */
  readonly prepare: (size: number) => () => unknown;
}

const protocol = scoringProtocol('python');

/** Boxes of 16 to 144 px spread so that the crowd is as dense at every size. */
function crowd(count: number, seed: number): { readonly boxesXyxy: Float32Array; readonly scores: Float32Array } {
  const random = seededRandom(seed);
  const side = 60 * Math.sqrt(count);
  const boxesXyxy = new Float32Array(4 * count);
  for (let box = 0; box < count; box++) {
    const [x, y, size] = [random() * side, random() * side, 16 + 128 * random() ** 3];
    boxesXyxy.set([x, y, x + size, y + size], 4 * box);
  }
  return { boxesXyxy, scores: Float32Array.from({ length: count }, () => random()) };
}

/** One image with a face for every five detections. */
function crowdedImage(count: number): { groundTruth: WiderGroundTruth; detections: AlignedDetections } {
  const labels = { blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 };
  const faces = crowd(count / 5, 1).boxesXyxy;
  const found = crowd(count, 2).boxesXyxy;
  const rows = Array.from({ length: count / 5 }, (_, face) => {
    const [x1, y1, x2, y2] = faces.subarray(4 * face, 4 * face + 4);
    return { box: [x1, y1, x2 - x1, y2 - y1], splits: ['hard'] as const, labels };
  });
  const groundTruth = buildGroundTruth([{ name: 'crowd/1', faces: rows }], 'growth');
  const builder = new PredictionsBuilder();
  for (let at = 0; at < found.length; at += 4) {
    builder.add(found[at], found[at + 1], found[at + 2] - found[at], found[at + 3] - found[at + 1], 1 - at / 1e9);
  }
  builder.closeImage('crowd/1');
  return { groundTruth, detections: alignDetections(groundTruth, builder.build(), 'file') };
}

const runs = new Map<number, { groundTruth: WiderGroundTruth; predictions: WiderPredictions }>();

/** A made-up run of so many images, kept, since it is used by several series. */
function run(images: number): { groundTruth: WiderGroundTruth; predictions: WiderPredictions } {
  const known = runs.get(images) ?? syntheticRun(1, images);
  runs.set(images, known);
  return known;
}

const series: readonly Series[] = [
  ...[true, false].map((interval) => ({
    name: interval ? 'evaluateWider' : 'evaluateWider, no interval',
    unit: 'images',
    sizes: [4000, 16_000, 64_000],
    prepare: (images: number) => {
      const { groundTruth, predictions } = run(images);
      return () => evaluateWider(groundTruth, predictions, protocol, { interval });
    },
  })),
  ...(['float64', 'int32'] as const).map((overlap) => ({
    name: `matchDetections, one image, ${overlap}`,
    unit: 'detections',
    sizes: [10_000, 40_000, 100_000],
    prepare: (count: number) => {
      const { groundTruth, detections } = crowdedImage(count);
      return () => matchDetections(groundTruth, detections, overlap);
    },
  })),
  ...[0.4, 0.05, 0.01].map((iouThreshold) => ({
    name: `nms at ${iouThreshold}`,
    unit: 'boxes',
    sizes: [4000, 16_000, 64_000],
    prepare: (count: number) => {
      const { boxesXyxy, scores } = crowd(count, 3);
      return () => nms(boxesXyxy, scores, { iouThreshold, convention: 'pixel' }, new Int32Array(count));
    },
  })),
  ...[0.4, 0.01].map((iouThreshold) => ({
    name: `voteBoxes at ${iouThreshold}`,
    unit: 'boxes',
    sizes: [4000, 16_000, 64_000],
    prepare: (count: number) => {
      const { boxesXyxy, scores } = crowd(count, 5);
      const options = { iouThreshold, convention: 'pixel', minimumVotes: 1 } as const;
      return () => voteBoxes(boxesXyxy, scores, options, new Int32Array(count), new Float32Array(4 * count));
    },
  })),
  {
    name: 'softNms, gaussian',
    unit: 'boxes',
    sizes: [1000, 4000, 16_000],
    prepare: (count) => {
      const { boxesXyxy, scores } = crowd(count, 4);
      const options = { decay: { rule: 'gaussian', sigma: 0.5 }, convention: 'pixel', scoreFloor: 0.001 } as const;
      return () => softNms(boxesXyxy, scores, options, new Int32Array(count), new Float32Array(count));
    },
  },
  {
    name: 'match, faces of the size of anchors',
    unit: 'anchors',
    sizes: [16_000, 64_000, 256_000],
    prepare: (count) => matching(count, 0.001, 32),
  },
  {
    name: 'match, faces larger than every anchor',
    unit: 'anchors',
    sizes: [16_000, 64_000, 256_000, 1_024_000],
    prepare: (count) => matching(count, 0.001, 4 * Math.sqrt(count)),
  },
  {
    name: 'buildHierarchy, two levels',
    unit: 'vertices',
    sizes: [1024, 4096, 16_384],
    prepare: (count) => {
      const fine = waves(Math.sqrt(count));
      return () => buildHierarchy(fine, 2, 'growth');
    },
  },
];

/** A square sheet of so many vertices a side, in waves. */
function waves(side: number): { readonly positions: Float32Array; readonly triangles: Uint32Array } {
  const positions = new Float32Array(3 * side * side);
  const triangles: number[] = [];
  for (let vertex = 0; vertex < side * side; vertex++) {
    const [x, y] = [vertex % side, Math.floor(vertex / side)];
    positions.set([x, y, Math.sin(x / 3) * Math.cos(y / 5)], 3 * vertex);
    if (x === side - 1 || y === side - 1) continue;
    triangles.push(vertex, vertex + 1, vertex + side, vertex + 1, vertex + side + 1, vertex + side);
  }
  return { positions, triangles: Uint32Array.from(triangles) };
}

/** Anchors of 16 px on a square grid of stride 8, and faces of a side at places of their own. */
function matching(count: number, facesPerAnchor: number, sidePx: number): () => unknown {
  const random = seededRandom(5);
  const columns = Math.round(Math.sqrt(count));
  const anchors = Float32Array.from({ length: 4 * columns * columns }, (_, at) => {
    const anchor = Math.floor(at / 4);
    return [8 * (anchor % columns), 8 * Math.floor(anchor / columns), 16, 16][at % 4];
  });
  const faces = Math.max(1, Math.round(count * facesPerAnchor));
  const boxesXyxy = new Float32Array(4 * faces);
  for (let face = 0; face < faces; face++) {
    const [x, y] = [random() * 8 * columns, random() * 8 * columns];
    boxesXyxy.set([x, y, x + sidePx, y + sidePx], 4 * face);
  }
  const out = { faceOfAnchor: new Int32Array(columns * columns), bestIouOfFace: new Float64Array(faces) };
  return () => match(anchors, boxesXyxy, matchPresets.paper, out);
}

/** Bytes that heap and buffers hold. */
function heldBytes(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const rows: Record<string, string | number>[] = [];
for (const { name, unit, sizes, prepare } of series) {
  let first: number | undefined;
  for (const size of sizes) {
    const work = prepare(size);
    const held = heldBytes();
    let memory = 0;
    let leastS = Number.POSITIVE_INFINITY;
    for (let round = 0; round < 3; round++) {
      const before = process.cpuUsage();
      const result = work();
      const { user, system } = process.cpuUsage(before);
      leastS = Math.min(leastS, (user + system) / 1e6);
      if (round === 0) memory = Math.max(0, heldBytes() - held);
      if (result === undefined) throw new Error(`${name}: no result`);
    }
    first ??= leastS;
    const exponent = size === sizes[0] ? '' : (Math.log(leastS / first) / Math.log(size / sizes[0])).toFixed(2);
    const row = { series: name, size: `${size} ${unit}`, cpuMs: (leastS * 1000).toFixed(1), exponent };
    rows.push({ ...row, memoryMb: (memory / 1e6).toFixed(0) });
  }
}
console.table(rows);
