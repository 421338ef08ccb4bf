/** Text formats of landmarks, in the order in which they are tried. */
export const landmarkFormats = ['pts', 'celeba', 'aflw-csv', 'wflw', 'cofw68', 'cascade', 'mtfl'] as const;

/** One of `landmarkFormats`. */
export type LandmarkFormat = (typeof landmarkFormats)[number];

/**
 * The format of a text, by its first lines.
 *
 * @returns undefined where it is none of them. `cascade` and `mtfl` have as many fields a line: whether the numbers after the
 * image are a box is told by how x and y lie in the first of them; `ambiguous` where that does not tell.
 */
export function recogniseFormat(text: string): LandmarkFormat | 'ambiguous' | undefined {
  const lines = text
    .slice(0, 1 << 16)
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const [first = '', second = ''] = lines;
  const words = first.split(/\s+/);
  if (/^version\s*:/i.test(first) || /^n_points\s*:/i.test(first)) return 'pts';
  if (/^\d+$/.test(first) && second.startsWith('lefteye_x')) return 'celeba';
  if (first.startsWith('image_name,scale,box_size')) return 'aflw-csv';
  if (words.length === 207) return 'wflw';
  if (/^\d+$/.test(first) && second.split(/\s+/).length > 2) return 'cofw68';
  if (words.length !== 15 || !/^[^\d+-]|[a-z]/i.test(words[0])) return undefined;
  const readings = lines.slice(0, 20).map((line) => readingOf(line.split(/\s+/).slice(1).map(Number)));
  const [cascade, mtfl] = ['cascade', 'mtfl'].map((name) => readings.filter((reading) => reading === name).length);
  if (cascade > 0 && mtfl === 0) return 'cascade';
  if (mtfl > 0 && cascade === 0) return 'mtfl';
  return 'ambiguous';
}

/** MTFL's last four numbers are small whole ones; in a list with boxes all points lie about the box. */
function readingOf(numbers: readonly number[]): 'cascade' | 'mtfl' | undefined {
  const isMtfl = numbers.slice(10).every((value) => Number.isInteger(value) && value >= 1 && value <= 5);
  const [left, right, top, bottom] = numbers;
  const isCascade =
    right > left &&
    bottom > top &&
    [0, 1, 2, 3, 4].every((point) => {
      const [x, y] = [numbers[4 + 2 * point], numbers[5 + 2 * point]];
      const [w, h] = [right - left, bottom - top];
      return x > left - w && x < right + w && y > top - h && y < bottom + h;
    });
  return isMtfl === isCascade ? undefined : isMtfl ? 'mtfl' : 'cascade';
}
