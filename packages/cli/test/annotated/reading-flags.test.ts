import { flagsWith, type ReadingSettings } from '@retinabench/annotations';
import { Command } from 'commander';
import { expect, test } from 'vitest';
import { addReadingFlags, readingSettings } from '../../src/annotated/reading-flags.js';

/** A value of each setting; the compiler sees to it that none is missing. */
const values: Readonly<Required<{ [Key in keyof ReadingSettings]: string }>> = {
  category: 'face',
  boxes: 'xyxy',
  units: 'relative',
  corners: 'continuous',
  columns: 'image,x,y,w,h',
  sizes: 'sizes.csv',
  images: 'photos',
  split: 'val',
  keypoints: '5x3',
  names: 'file',
  negativeSizes: 'keep',
};

test.each([
  ['gt', '--gt-', 'coco'],
  ['pred', '--pred-', 'coco-results'],
  ['in', '--', 'coco'],
] as const)('every flag that messages about %s name is there and reaches its setting', (side, prefix, format) => {
  const flagOf = flagsWith(prefix);
  const formatFlag = side === 'in' ? '--from' : flagOf('format');
  const words = Object.entries(values).flatMap(([name, value]) => [flagOf(name as keyof ReadingSettings), value]);
  const command = addReadingFlags(new Command(), side);
  command.parse([formatFlag, format, ...words], { from: 'user' });
  expect(readingSettings(command.opts(), side)).toEqual({ format, ...values });
});
