import { describe, expect, it } from 'vitest';
import { LastNumbers } from '../../src/csv/last-numbers.js';

function doubtOf(before: readonly string[], last: string): string | undefined {
  const numbers = new LastNumbers();
  for (const field of before) numbers.see(field);
  return numbers.doubtOf(last, 'faces.csv:5');
}

describe('LastNumbers', () => {
  it('doubts a last number that is shorter than all before', () => {
    expect(doubtOf(['440', '441', '98'], '4')).toMatch(/^doubtful: faces\.csv:5: .* its last number, 4, is shorter/);
  });

  it('says nothing of one as short as another, of words, of an empty field, or of few rows', () => {
    expect(doubtOf(['440', '441', '9'], '4')).toBeUndefined();
    expect(doubtOf(['face', 'face', 'face'], 'fac')).toBeUndefined();
    expect(doubtOf(['440', '441', '442'], '')).toBeUndefined();
    expect(doubtOf(['440', '441'], '4')).toBeUndefined();
  });
});
