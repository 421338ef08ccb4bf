import { expect, test } from 'vitest';
import { skipReason } from './skip-reason.js';

test('skipReason reads what is missing from the brackets of a title', () => {
  expect(skipReason('scores > golden values (needs the shared data folder) > hard')).toBe(
    'needs the shared data folder',
  );
  expect(skipReason('networks (skipped where the shared data folder is absent) > one')).toBe(
    'needs the shared data folder',
  );
  expect(skipReason('the page in Chromium (skipped where /usr/bin/chromium is absent) > draws')).toBe(
    'needs /usr/bin/chromium',
  );
  expect(skipReason("backend 'tfjs-node' '(skipped: @tensorflow/tfjs-node does …' > computes")).toBe(
    'needs @tensorflow/tfjs-node',
  );
  expect(skipReason("a fleet on 'Valkey' > skipped: no Valkey here > while workers are killed")).toBe('needs Valkey');
  expect(skipReason('takes steps (skipped without RETINABENCH_TRAIN=all) > lowers')).toBe(
    'needs RETINABENCH_TRAIN=all',
  );
  expect(skipReason('tools/train schedule: skipped, no Python (RETINABENCH_PYTHON) > ends')).toBe('needs Python');
  expect(skipReason('a bare title (of some kind)')).toBeUndefined();
});
