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

  test('says of a backend that failed that it did, not that its numbers differ', () => {
    const failed = { ...result, images: 0, failure: 'its page took longer than 5 s' };
    const text = parityTable('ort-node', [failed], {});
    expect(text).toContain('FAILED');
    expect(text).not.toContain('PAST TOLERANCE');
    expect(text.split('\n')).toContain('tfjs-wasm failed: its page took longer than 5 s');
  });
});
