import { expect, test } from 'vitest';
import { comparePublished, nearestPublished } from '../../src/published/compare-published.js';
import { syntheticRecord, widerRecord } from '../synthetic.js';

// The README of Pytorch_Retinaface: 90.70 / 88.16 / 73.82 on WIDER FACE val at original scale.
const row = {
  ap: { easy: 0.907, medium: 0.8816, hard: 0.7382 },
  protocol: 'WIDER FACE val, original scale',
  source: 'README',
};
const val = { name: 'wider-val', images: 3226, sha256: 'a'.repeat(64) };
const record = (settings: Record<string, string | number>, dataset = val) =>
  widerRecord(0.738273, {
    ap: { easy: 0.907076, medium: 0.8819, hard: 0.738273 },
    settings: { rules: 'python', ...settings },
    dataset,
  });

test('compares where images, scale and rules are as published, and says by how much the AP differs', () => {
  // 90.7076 - 90.70 = 0.0076, 88.19 - 88.16 = 0.03, 73.8273 - 73.82 = 0.0073.
  const [{ differing, text }] = comparePublished(record({ scale: 'original' }), [row]);
  expect(differing).toEqual([]);
  expect(text).toMatch(
    /^compares with 90\.7 \/ 88\.2 \/ 73\.8 published \(WIDER FACE val, original scale; README\): \+0\.01 \/ \+0\.03 \/ \+0\.01 points$/,
  );
});

test('says by which settings it differs', () => {
  const [{ differing }] = comparePublished(
    record({ scale: 'long:640', rules: 'matlab', perturb: 'blur:2' }, { ...val, name: 'wider-val-part', images: 826 }),
    [row],
  );
  expect(differing).toEqual([
    'images 826 here, 3,226 there',
    'scale long:640 here, original there',
    'rules matlab here, python there',
    'corruption blur:2 here, none there',
  ]);
});

test('a data set that is not WIDER FACE never compares', () => {
  const [{ differing }] = comparePublished(record({ scale: 'original' }, { ...val, name: 'mini' }), [row]);
  expect(differing).toEqual(['data set mini here, WIDER FACE there']);
});

test('an altered copy of WIDER FACE val, as many images of another set, and mapped scores never compare', () => {
  const differing = (more: Record<string, string>, dataset = val, of = row) =>
    comparePublished(record({ scale: 'original', ...more }, dataset), [of])[0].differing;
  expect(differing({}, { ...val, name: 'wider' })).toEqual(['data set wider here, wider-val there']);
  expect(differing({}, { ...val, name: 'wider-train' })).toEqual(['data set wider-train here, wider-val there']);
  expect(differing({ scoreMap: 'temperature 0.7' })).toEqual(['score map temperature 0.7 here, none there']);
  const quarter = { ...row, protocol: `a quarter of WIDER FACE val (826 images ${'b'.repeat(12)}), original scale` };
  const part = { ...val, name: 'wider-val-part', images: 826 };
  expect(differing({}, part, quarter)).toEqual([`annotations ${'a'.repeat(12)} here, ${'b'.repeat(12)} there`]);
  expect(differing({}, { ...part, sha256: 'b'.repeat(64) }, quarter)).toEqual([]);
});

test('a network of fixed input is letterboxed or stretched, which is a scale of its own', () => {
  const fixed = {
    scale: 'original',
    'input.size.rule': 'fixed',
    'input.size.widthPx': 640,
    'input.size.heightPx': 640,
  };
  const letterboxed = { ...row, protocol: 'WIDER FACE val, letterboxed to 640 x 640' };
  expect(comparePublished(record(fixed), [letterboxed])[0].differing).toEqual([]);
  expect(comparePublished(record({ ...fixed, 'input.size.fit': 'stretch' }), [letterboxed])[0].differing).toEqual([
    'scale stretched to 640x640 here, letterbox:640x640 there',
  ]);
});

test('tells the rows that compare, else the one that differs least', () => {
  const rows = [row, { ...row, protocol: 'WIDER FACE val, longest side 640' }];
  expect(
    nearestPublished(comparePublished(record({ scale: 'vga' }), rows)).map(({ row: { protocol } }) => protocol),
  ).toEqual(['WIDER FACE val, longest side 640']);
  expect(nearestPublished(comparePublished(record({ scale: 'long:320', rules: 'matlab' }), rows))).toHaveLength(1);
  expect(comparePublished(syntheticRecord({ kind: 'loss', loss: { total: 1 } }), rows)).toEqual([]);
});
