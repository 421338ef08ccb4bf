/**
 * Non-maximum suppression at the evaluation floor, against the plain sorted version that compares with every kept box.
 *
 *     npx nx run core:bench-nms
 *
 * Candidates: real ones of a crowded 640 x 640 image from the shared data folder (network outputs of golden/loss), where
 * it is present, and seeded crowds of the sizes in question.
 */
import { anchorPresets, decodeBoxes, generateAnchors, nms, voteBoxes } from '../src/index.js';
import { type Crowd, crowd } from '../test/support/crowd.js';
import { hasShared, readNpyFloat32 } from '../test/support/shared.js';
import { interleave } from './support/interleave.js';
import { plainNms } from './support/plain-nms.js';

const options = { iouThreshold: 0.4, convention: 'pixel' } as const;
const scoreFloor = 0.02;

function realCrowd(): Crowd {
  const anchors = generateAnchors(anchorPresets.mnet025, 640, 640);
  const count = anchors.length / 4;
  const logits = readNpyFloat32('golden/loss/conf.npy').data;
  const offsets = readNpyFloat32('golden/loss/loc.npy').data.subarray(0, count * 4);
  const boxes = decodeBoxes(offsets, anchors, [0.1, 0.2], new Float32Array(count * 4));
  const scoreOf = (index: number): number => 1 / (1 + Math.exp(logits[index * 2] - logits[index * 2 + 1]));
  const survivors = Array.from({ length: count }, (_, index) => index).filter((index) => scoreOf(index) > scoreFloor);
  return {
    boxesXyxy: Float32Array.from(survivors.flatMap((index) => [...boxes.subarray(index * 4, index * 4 + 4)])),
    scores: Float32Array.from(survivors, scoreOf),
  };
}

function compare(title: string, { boxesXyxy, scores }: Crowd): void {
  const keep = new Int32Array(scores.length);
  const plainKeep = new Int32Array(scores.length);
  const voted = new Float32Array(boxesXyxy.length);
  const kept = nms(boxesXyxy, scores, options, keep);
  const plainKept = plainNms(boxesXyxy, scores, options, plainKeep);
  const equal = kept === plainKept && keep.subarray(0, kept).every((index, rank) => index === plainKeep[rank]);
  if (!equal) throw new Error(`${title}: the keeps differ`);
  interleave(`${title}: ${scores.length} candidates, ${kept} kept by both`, [
    { name: 'nms', run: () => nms(boxesXyxy, scores, options, keep) },
    { name: 'plain sorted typed arrays', run: () => plainNms(boxesXyxy, scores, options, plainKeep) },
    { name: 'voteBoxes', run: () => voteBoxes(boxesXyxy, scores, { ...options, minimumVotes: 1 }, keep, voted) },
  ]);
}

if (hasShared('golden/loss')) compare('real candidates', realCrowd());
else console.log('real candidates: skipped, the shared data folder is absent');
compare('seeded crowd', crowd(3674, 1));
compare('seeded crowd', crowd(9400, 2));
compare('seeded crowd', crowd(20_000, 3));
