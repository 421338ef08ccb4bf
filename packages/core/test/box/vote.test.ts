import { describe, expect, test } from 'vitest';
import { boxIou, ProtocolError, ShapeError, type VoteOptions, voteBoxes } from '../../src/index.js';
import { crowd } from '../support/crowd.js';

const paper: VoteOptions = { iouThreshold: 0.4, convention: 'continuous', minimumVotes: 1 };

function vote(boxes: Float32Array, scores: Float32Array, options: VoteOptions): { keep: number[]; voted: number[] } {
  const keep = new Int32Array(scores.length);
  const voted = new Float32Array(boxes.length);
  const count = voteBoxes(boxes, scores, options, keep, voted);
  return { keep: [...keep.subarray(0, count)], voted: [...voted.subarray(0, count * 4)] };
}

/** Voting as the public evaluation code writes it: whole-array steps over what is left, in float64. */
function voteByDefinition(boxes: Float32Array, scores: Float32Array, options: VoteOptions): number[] {
  let left = Array.from(scores, (_, index) => index).sort((a, b) => scores[b] - scores[a] || a - b);
  const voted: number[] = [];
  while (left.length > 0) {
    const best = left[0];
    const offset = options.convention === 'pixel' ? 1 : 0;
    const votesForBest = (index: number): boolean => {
      const iou = boxIou(boxes, best, boxes, index, offset);
      return iou >= options.iouThreshold && iou > 0;
    };
    const voters = left.filter((index) => index === best || votesForBest(index));
    left = left.filter((index) => !voters.includes(index));
    if (voters.length < options.minimumVotes) continue;
    if (voters.length === 1) {
      voted.push(...boxes.subarray(4 * best, 4 * best + 4));
      continue;
    }
    const weight = voters.reduce((sum, index) => sum + scores[index], 0);
    for (let corner = 0; corner < 4; corner++) {
      voted.push(voters.reduce((sum, index) => sum + scores[index] * boxes[index * 4 + corner], 0) / weight);
    }
  }
  return voted;
}

describe('voteBoxes', () => {
  test('replaces a kept box by the mean of the boxes that it suppressed and itself, weighted by score', () => {
    // IoU of A [0, 0, 10, 10] and B [2, 0, 12, 10] is 80 / 120 = 0.67 >= 0.4. C lies apart.
    // x1 = (0.9 * 0 + 0.3 * 2) / 1.2 = 0.5, x2 = (0.9 * 10 + 0.3 * 12) / 1.2 = 10.5.
    const boxes = new Float32Array([2, 0, 12, 10, 0, 0, 10, 10, 50, 50, 60, 60]);
    const { keep, voted } = vote(boxes, new Float32Array([0.3, 0.9, 0.2]), paper);
    expect(keep).toEqual([1, 2]);
    [0.5, 0, 10.5, 10, 50, 50, 60, 60].forEach((value, at) => {
      expect(voted[at]).toBeCloseTo(value, 6);
    });
  });

  test('counts a vote at the threshold itself, as the public code does', () => {
    // IoU exactly 0.5.
    const boxes = new Float32Array([0, 0, 10, 10, 0, 0, 10, 5]);
    const scores = new Float32Array([0.9, 0.8]);
    expect(vote(boxes, scores, { ...paper, iouThreshold: 0.5 }).keep).toEqual([0]);
    expect(vote(boxes, scores, { ...paper, iouThreshold: 0.51 }).keep).toEqual([0, 1]);
  });

  test('gives a vote to the best box that it overlaps, and to it alone', () => {
    // A and C do not reach 0.4 (20 / 180); B overlaps both by 60 / 140 = 0.43 and votes for A, the better one.
    const boxes = new Float32Array([0, 0, 10, 10, 8, 0, 18, 10, 4, 0, 14, 10]);
    const { keep, voted } = vote(boxes, new Float32Array([0.8, 0.6, 0.4]), paper);
    expect(keep).toEqual([0, 1]);
    expect(voted.slice(4)).toEqual([8, 0, 18, 10]);
    // (0.8 * 0 + 0.4 * 4) / 1.2
    expect(voted[0]).toBeCloseTo(4 / 3, 6);
  });

  test('drops boxes of fewer votes than asked for', () => {
    const boxes = new Float32Array([0, 0, 10, 10, 50, 50, 60, 60, 1, 0, 11, 10]);
    const { keep } = vote(boxes, new Float32Array([0.5, 0.9, 0.4]), { ...paper, minimumVotes: 2 });
    expect(keep).toEqual([0]);
  });

  test('leaves a box as it is where all votes have score 0', () => {
    const boxes = new Float32Array([0, 0, 10, 10, 1, 0, 11, 10]);
    expect(vote(boxes, new Float32Array([0, 0]), paper).voted).toEqual([0, 0, 10, 10]);
  });

  test.each([1, 2])('equals the definition written over whole arrays, at least %i votes', (minimumVotes) => {
    for (const convention of ['pixel', 'continuous'] as const) {
      for (let seed = 20; seed < 26; seed++) {
        const { boxesXyxy, scores } = crowd(400, seed, 0.9, 300, 300);
        const options = { iouThreshold: 0.4, convention, minimumVotes };
        const expected = voteByDefinition(boxesXyxy, scores, options);
        const { voted } = vote(boxesXyxy, scores, options);
        expect(voted.length).toBe(expected.length);
        voted.forEach((value, at) => {
          expect(value).toBeCloseTo(expected[at], 3);
        });
      }
    }
  });

  // Below 0.04 votes are taken from the kept box's side; sums have to be the same to the last bit.
  test.each([0, 0.001, 0.01, 0.039, 0.04, 0.1])('is exactly the definition at threshold %f', (iouThreshold) => {
    for (const convention of ['pixel', 'continuous'] as const) {
      for (const minimumVotes of [1, 3]) {
        const { boxesXyxy, scores } = crowd(500, 31, 0.8, 300, 300);
        boxesXyxy.set([0, 0, Number.POSITIVE_INFINITY, 9, 5, 5, 1, 1, Number.NaN, 0, 9, 9], 40);
        const options = { iouThreshold, convention, minimumVotes };
        const expected = voteByDefinition(boxesXyxy, scores, options);
        expect(vote(boxesXyxy, scores, options).voted).toEqual(expected.map(Math.fround));
      }
    }
  });

  test('rejects lengths that do not fit and settings out of range', () => {
    const [boxes, scores, keep, voted] = [
      new Float32Array(8),
      new Float32Array(2),
      new Int32Array(2),
      new Float32Array(8),
    ];
    expect(() => voteBoxes(boxes, scores, paper, keep, new Float32Array(4))).toThrow(ShapeError);
    expect(() => voteBoxes(boxes, scores, { ...paper, minimumVotes: 0 }, keep, voted)).toThrow(ProtocolError);
    expect(() => voteBoxes(boxes, scores, { ...paper, iouThreshold: 1.5 }, keep, voted)).toThrow(ProtocolError);
  });
});
