import { DatasetError } from '@retinabench/core';
import { describe, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { parseLandmarks } from '../../src/formats/parse-landmarks.js';
import { type LandmarkFormat, recogniseFormat } from '../../src/formats/recognise.js';

const numbers = (count: number): string => Array.from({ length: count }, (_, i) => (i * 7.25) % 300).join(' ');

/** A valid file of each format. */
const valid: Readonly<Record<LandmarkFormat, string>> = {
  pts: `version: 1\nn_points: 3\n{\n1 2\n3.5 4e1\n5 6\n}\n`,
  celeba: `2\nlefteye_x lefteye_y\na.jpg ${numbers(10)}\nb.jpg ${numbers(10)}\n`,
  'aflw-csv': 'image_name,scale,box_size,center_w,center_h,original_0_x,original_0_y\na.jpg,1,90,50,60,1,2\n',
  wflw: `${numbers(196)} 1 2 30 40 0 0 0 0 0 1 a/b.jpg\n`,
  cofw68: `1\n${numbers(5)}\n${numbers(5)}\n0 1 0 0 1\n`,
  cascade: 'a\\b.jpg 10 90 20 99 30 40 70 40 50 60 35 80 65 80\r\n',
  mtfl: 'a\\b.jpg 30 70 50 35 65 40 40 60 80 80 1 2 2 3\r\n',
};

describe('text formats of landmarks under fuzzing', () => {
  it.each(Object.keys(valid) as LandmarkFormat[])('%s: faces, or DatasetError with the place', async (format) => {
    await fuzzParser({
      name: `landmarks, ${format}`,
      inputs: mutatedText(Object.values(valid)),
      parse: (text) => {
        recogniseFormat(text);
        return parseLandmarks([{ name: 'a', text }], format, 'a.txt');
      },
      errors: [DatasetError],
      place: 'a.txt',
      seed: 1801,
      runs: fuzzRuns(1000),
    });
  });
});
