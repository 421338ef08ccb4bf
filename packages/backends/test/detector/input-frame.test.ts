import type { InputSize } from '@retinabench/models';
import { describe, expect, test } from 'vitest';
import { frameFor } from '../../src/detector/input-frame.js';

// 1000 x 667: into 640 at the long side by 0.64, that is 640 x 426.88.
const box = { rule: 'fixed', widthPx: 640, heightPx: 640, fit: 'letterbox', padValue: 0 } as const;
const frame = (size: InputSize, scale = 1) => frameFor(size, { scale, mirror: false }, 1000, 667);

describe('frameFor', () => {
  test('carries boxes back by the exact factor unless the card says otherwise', () => {
    expect(frame(box)).toMatchObject({ widthPx: 640, heightPx: 427, scaleX: 0.64, scaleY: 0.64, offsetYPx: 0 });
  });

  test('takes the ratio of whole sides, each axis its own, for whole-pixels', () => {
    const centred = { ...box, fit: 'letterbox-centre', sampling: 'whole-pixels', padValue: 114 } as const;
    // floor((640 - 427) / 2) = 106.
    expect(frame(centred)).toMatchObject({ heightPx: 427, offsetYPx: 106, scaleX: 0.64, scaleY: 427 / 667 });
  });

  test('makes sides whole as the card says', () => {
    expect(frame({ ...box, rounding: 'floor' }).heightPx).toBe(426);
    const half = (rounding: 'half-up' | 'half-even') =>
      frameFor({ rule: 'any', rounding }, { scale: 0.5, mirror: false }, 5, 5).widthPx;
    // 2.5 is 2 half to even, 3 half up.
    expect([half('half-even'), half('half-up')]).toEqual([2, 3]);
  });

  test('pads to a multiple at the corner or on both sides, or stretches to it', () => {
    const multiple = { rule: 'multiple', of: 32, padValue: 0 } as const;
    // 640 x 427 goes into 640 x 448, 21 rows too many: 10 above.
    expect(frame(multiple, 0.64)).toMatchObject({ inputWidthPx: 640, inputHeightPx: 448, offsetYPx: 0 });
    expect(frame({ ...multiple, fit: 'pad-centre' }, 0.64)).toMatchObject({ inputHeightPx: 448, offsetYPx: 10 });
    expect(frame({ ...multiple, fit: 'stretch' })).toMatchObject({
      ...{ widthPx: 1024, heightPx: 672, inputWidthPx: 1024, inputHeightPx: 672 },
      ...{ scaleX: 1.024, scaleY: 672 / 667 },
    });
  });

  test('enlarges an image into a letterbox unless the card forbids it', () => {
    const small = (size: InputSize) => frameFor(size, { scale: 1, mirror: false }, 100, 50);
    expect(small(box)).toMatchObject({ widthPx: 640, heightPx: 320 });
    expect(small({ ...box, enlarge: false })).toMatchObject({ widthPx: 100, heightPx: 50, scaleX: 1 });
  });
});
