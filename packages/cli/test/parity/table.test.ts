import type { ParityResult } from '@retinabench/results';
import { describe, expect, test } from 'vitest';
import { parityTable } from '../../src/parity/table.js';

const result: ParityResult = {
  backend: 'tfjs-wasm',
  images: 1,
  outputMaxAbsolute: { scores: 1e-5, boxes: 0.25 },
  outputTolerance: { scores: 2e-4, boxes: 0.1 },
  outputRole: { scores: 'score', boxes: 'pixel' },
  scoreMaxAbsolute: 0,
  boxMaxPx: 0.25,
  unmatched: 0,
  detections: 1,
  tolerance: 2e-4,
  boxTolerancePx: 0.1,
  withinTolerance: false,
};

describe('parityTable', () => {
  test('names the outputs beyond their bound with unit and bound, where the backend is past tolerance', () => {
    const line = 'tfjs-wasm, outputs beyond their absolute bound: boxes 2.5e-1 (pixel, bound 1.0e-1)';
    expect(parityTable('ort-node', [result], {}).split('\n')).toContain(line);
    expect(parityTable('ort-node', [{ ...result, withinTolerance: true }], {})).not.toContain('beyond');
  });

  test('names tied scores where the outputs agree and the detections do not', () => {
    const tied = { ...result, outputMaxAbsolute: { scores: 1e-6, boxes: 1e-4 }, unmatched: 3, detections: 10, tied: 8 };
    const line =
      'tfjs-wasm: every output is within its absolute bound; 8 of 10 detections of the reference share their score with another ' +
      'but for a rounding, so that a last bit decides which of them suppresses which: raise --score-floor above them';
    expect(parityTable('ort-node', [tied], {}).split('\n')).toContain(line);
    for (const other of [
      { ...tied, withinTolerance: true },
      { ...tied, tied: 2 },
      { ...tied, outputMaxAbsolute: { scores: 1e-2, boxes: 1e-4 } },
    ]) {
      expect(parityTable('ort-node', [other], {})).not.toContain('last bit');
    }
  });

  test('says of a backend that failed that it did, not that its numbers differ', () => {
    const failed = { ...result, images: 0, failure: 'its page took longer than 5 s' };
    const text = parityTable('ort-node', [failed], {});
    expect(text).toContain('FAILED');
    expect(text).not.toContain('PAST TOLERANCE');
    expect(text.split('\n')).toContain('tfjs-wasm failed: its page took longer than 5 s');
  });
});
