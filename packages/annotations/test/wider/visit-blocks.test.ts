import { expect, test } from 'vitest';
import { type BlockForm, visitBlocks } from '../../src/wider/visit-blocks.js';

const anyName: BlockForm = { rows: 'detections', nameForm: 'a name', isName: () => true };

function read(text: string, form: BlockForm = anyName): unknown[] {
  const seen: unknown[] = [];
  visitBlocks(text, 'list.txt', form, {
    image: (name, where) => seen.push(`${name} at ${where}`),
    row: (numbers, row, where) => seen.push([...numbers, row, where]),
  });
  return seen;
}

test('names, rows and their places, whatever the line breaks', () => {
  const expected = ['a at list.txt:1', [1, Number.NaN, '1  x', 'list.txt:3'], 'b at list.txt:5'];
  for (const newline of ['\n', '\r\n', '\r']) {
    expect(read(['a', '1', ' 1  x ', '', 'b', '0', ''].join(newline))).toEqual(expected);
  }
});

test('zeros after the count 0 are no image; a lone 0 is one where images may be called so', () => {
  expect(read('a\n0\n0 0 0 0 0\nb\n0\n')).toEqual(['a at list.txt:1', 'b at list.txt:4']);
  expect(read('a\n0\n0\n0\n')).toEqual(['a at list.txt:1', '0 at list.txt:3']);
  expect(read('a\n0\n0\n', { ...anyName, isName: (text) => text !== '0' })).toEqual(['a at list.txt:1']);
});

test('a count that is none, or more than the rows that follow, is refused by its line', () => {
  expect(() => read('a\n-1\n')).toThrow('list.txt:2: expected the number of detections of "a", got "-1"; correct it');
  expect(() => read('a\n')).toThrow('list.txt:2: expected the number of detections of "a", got ""; correct it');
  expect(() => read('a\n3\n1\n2\n')).toThrow(
    'list.txt:2: expected the number of detections of "a", at most the 2 lines left, got "3"; correct it',
  );
});

test('a last row that is cut within a number is refused; one that ends with a line break is as it is', () => {
  // 80 0 cut to 8: a face of height 8.
  const whole = 'a\n2\n1 2 30 40 0\n5 6 70 80 0\n';
  expect(() => read(whole.slice(0, whole.indexOf('80') + 1))).toThrow(
    'list.txt:4: the last line ends without a line break and has 4 fields where a line before has 5: the file is cut',
  );
  expect(read(whole.slice(0, -1))).toEqual(read(whole));
  expect(read(whole.replace('80 0', '8'))).toHaveLength(3);
  expect(read('a\r1\r1 2\rb\r1\r1\r')).toHaveLength(4);
});
