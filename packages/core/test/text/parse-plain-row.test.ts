import { describe, expect, it } from 'vitest';
import { parseNumber, parsePlainRow, seededRandom } from '../../src/index.js';

function parse(text: string, count: number): { end: number; values: number[] } {
  const out = new Float64Array(count);
  const end = parsePlainRow(new TextEncoder().encode(text), 0, out);
  return { end, values: [...out] };
}

describe('parsePlainRow', () => {
  it('reads decimals behind one space each, up to the newline or the end', () => {
    expect(parse('12 -3.5 0.25\n7', 3)).toEqual({ end: 12, values: [12, -3.5, 0.25] });
    expect(parse('.5 4. -0', 3)).toEqual({ end: 8, values: [0.5, 4, -0] });
    expect(parse('1 2 3 \n4', 3)).toEqual({ end: 6, values: [1, 2, 3] });
  });

  it.each([
    ['two spaces', '1  2 3'],
    ['a tab', '1\t2 3'],
    ['commas', '1,2,3'],
    ['an exponent', '1e2 2 3'],
    ['a plus', '+1 2 3'],
    ['a word', 'nan 2 3'],
    ['two points', '1.2.3 2 3'],
    ['a point alone', '. 2 3'],
    ['a minus alone', '- 2 3'],
    ['fewer numbers', '1 2\n3'],
    ['more numbers', '1 2 3 4'],
    ['two spaces at the end', '1 2 3  \n'],
    ['a carriage return', '1 2 3\r\n'],
    ['a space before', ' 1 2 3'],
    ['more digits than a double holds', '12345678901234567 2 3'],
    ['nothing', ''],
  ])('leaves a line with %s to others', (_, line) => {
    expect(parse(line, 3).end).toBe(-1);
  });

  it('gives the bits that parseNumber and Number give (500 rows, seed 3)', () => {
    const random = seededRandom(3);
    for (let row = 0; row < 500; row++) {
      const texts = Array.from({ length: 5 }, () => ((random() - 0.5) * 10 ** (6 * random())).toFixed(10 * random()));
      const { end, values } = parse(`${texts.join(' ')}\n`, 5);
      expect(end).toBe(texts.join(' ').length);
      texts.forEach((text, field) => {
        const out = new Float64Array(1);
        const bytes = new TextEncoder().encode(text);
        expect(parseNumber(bytes, 0, bytes.length, out, 0)).toBe(true);
        expect(Object.is(values[field], out[0])).toBe(true);
        expect(Object.is(values[field], Number(text))).toBe(true);
      });
    }
  });
});
