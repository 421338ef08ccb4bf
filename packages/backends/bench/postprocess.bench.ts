/**
 * Postprocessing alone (score filter, decoding of the survivors, NMS), on real and tiled outputs of a network.
 *
 *     npx nx run backends:bench-postprocess
 *
 * Real outputs: those of golden/loss in the shared data folder (a crowded image of 640 x 640); without it, seeded ones of
 * the same sizes. Then the shapes of detectors that composed decoders read, at 640 x 640, without NMS.
 */
import { anchorPresets, countAnchors, seededRandom } from '@retinabench/core';
import type { CardDecoder } from '@retinabench/models';
import { interleave } from '../../core/bench/support/interleave.js';
import { hasShared, readNpyFloat32 } from '../../core/test/support/shared.js';
import type { Tensor } from '../src/backend/backend.js';
import { Candidates } from '../src/decoders/candidates.js';
import { retinafaceDecoder } from '../src/decoders/retinaface.js';
import { decoderFor } from '../src/decoders/select.js';
import { publicProtocol } from '../src/detector/protocol.js';
import { Suppressor } from '../src/detector/suppress.js';
import { composedShapes } from './support/composed-shapes.js';

type RetinafaceCard = Extract<CardDecoder, { kind: 'retinaface' }>;

interface Heads {
  readonly logits: Float32Array;
  readonly boxes: Float32Array;
  readonly landmarks: Float32Array;
}

const sidePx = 640;

/** Outputs for 16,800 anchors: real ones where they can be had. */
function smallHeads(): Heads {
  const count = countAnchors(anchorPresets.mnet025, sidePx, sidePx);
  if (hasShared('golden/loss')) {
    const read = (name: string, columns: number): Float32Array =>
      readNpyFloat32(`golden/loss/${name}.npy`).data.subarray(0, count * columns);
    return { logits: read('conf', 2), boxes: read('loc', 4), landmarks: read('landms', 10) };
  }
  console.log('the shared data folder is absent: seeded outputs');
  const random = seededRandom(1);
  const uniform = (length: number, spread: number): Float32Array =>
    Float32Array.from({ length }, () => (random() - 0.5) * spread);
  return { logits: uniform(count * 2, 12), boxes: uniform(count * 4, 2), landmarks: uniform(count * 10, 2) };
}

/** The same outputs again and again until they fill the paper's 102,300 anchors. */
function tiled(heads: Heads, count: number): Heads {
  const tile = (values: Float32Array, columns: number): Float32Array =>
    Float32Array.from({ length: count * columns }, (_, at) => values[at % values.length]);
  return { logits: tile(heads.logits, 2), boxes: tile(heads.boxes, 4), landmarks: tile(heads.landmarks, 10) };
}

/** The score floor that `count` of the anchors are above. */
function floorFor(heads: Heads, count: number): number {
  const { logits } = heads;
  const scores = Float64Array.from({ length: logits.length / 2 }, (_, index) =>
    Math.fround(1 / (1 + Math.exp(logits[index * 2] - logits[index * 2 + 1]))),
  );
  return scores.sort()[scores.length - count - 1];
}

function bench(title: string, anchors: RetinafaceCard['anchors'], heads: Heads, scoreFloors: readonly number[]): void {
  const outputs = { scores: 'scores', boxes: 'boxes', landmarks: 'landmarks' };
  const decode = retinafaceDecoder({
    kind: 'retinaface',
    outputs,
    anchors,
    variances: [0.1, 0.2],
    softmaxApplied: false,
  });
  const tensor = (data: Float32Array, columns: number): Tensor => ({ data, dims: [1, data.length / columns, columns] });
  const tensors = {
    scores: tensor(heads.logits, 2),
    boxes: tensor(heads.boxes, 4),
    landmarks: tensor(heads.landmarks, 10),
  };
  const candidates = new Candidates();
  const pass = { tensors, inputWidthPx: sidePx, inputHeightPx: sidePx, place: 'bench' };
  const runners = scoreFloors.map((scoreFloor) => {
    const suppressor = new Suppressor({ ...publicProtocol, scoreFloor });
    const run = (): number => {
      candidates.clear(true);
      decode(pass, scoreFloor, candidates);
      return suppressor.run(candidates).count;
    };
    const kept = run();
    return { name: `floor ${scoreFloor.toPrecision(2)}: ${candidates.count} candidates, ${kept} kept`, run };
  });
  interleave(`${title}, ${heads.logits.length / 2} anchors`, runners);
}

const small = smallHeads();
bench('crowded image', 'mnet025', small, [0.5, 0.02, floorFor(small, 3700)]);
const large = tiled(small, countAnchors(anchorPresets.resnet, sidePx, sidePx));
bench('the same outputs tiled', 'resnet', large, [0.5, 0.02, floorFor(large, 9400)]);

/** Decoding alone, of seeded outputs: about 2 % of the candidates score above 0.02. */
function benchComposed(): void {
  for (const { name, card, tensors } of composedShapes()) {
    const decode = decoderFor(card);
    const candidates = new Candidates();
    const pass = { tensors, inputWidthPx: sidePx, inputHeightPx: sidePx, place: 'bench' };
    const runners = [0.5, 0.02].map((scoreFloor) => {
      const run = (): number => {
        candidates.clear(card.kind !== 'corners');
        decode(pass, scoreFloor, candidates);
        return candidates.count;
      };
      return { name: `floor ${scoreFloor}: ${run()} candidates`, run };
    });
    interleave(`composed decoder of ${name}`, runners);
  }
}
benchComposed();
