import { describe, expect, it } from 'vitest';
import { weakEvidence } from '../../src/models/card/weak-evidence.js';

describe('weakEvidence', () => {
  it('doubts a card under which fewer than four of five annotated faces are found, and says what to look at', () => {
    // 0.8 * 35 = 28.
    expect(weakEvidence({ found: 28, faces: 35, ap: 0.8 })).toBeUndefined();
    expect(weakEvidence({ found: 27, faces: 35, ap: 0.7512 })).toMatch(
      /^Only 27 of 35 annotated faces are found \(AP 0\.751 at IoU 0\.5\).*look at the picture/,
    );
  });
});
