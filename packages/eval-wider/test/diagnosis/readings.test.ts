import { seededRandom } from '@retinabench/core';
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../src/diagnosis/diagnose.js';
import type { Diagnosis } from '../../src/diagnosis/diagnosis.js';
import { type ImageSize, parseBoxFrame } from '../../src/predictions/box-frame.js';
import type { BoxLayout } from '../../src/predictions/box-layout.js';
import { convertPredictions, type MirroredAxes, type PredictionFormat } from '../../src/predictions/convert.js';
import type { WiderPredictions } from '../../src/predictions/predictions.js';
import { scoringProtocol } from '../../src/score/protocol.js';
import { scoreWider } from '../../src/score/score.js';
import { type DetectionRow, predictionsOf, rowsOf, syntheticRun } from '../synthetic.js';

const { groundTruth, predictions } = syntheticRun(33, 60);
const protocol = scoringProtocol('python');

/** Faces lie within 1024 x 768; every image is somewhat larger than that, in either direction. */
const sizes = new Map<string, ImageSize>(
  groundTruth.images.map((name, index) => [
    name,
    index % 4 === 0
      ? { widthPx: 1030 + index, heightPx: 1400 + 5 * index }
      : { widthPx: 1100 + 7 * index, heightPx: 780 + index },
  ]),
);

type Write = (x: number, y: number, w: number, h: number, W: number, H: number) => readonly number[];

/** The run with each box written in another way. */
function write(how: Write): WiderPredictions {
  return predictionsOf(
    Object.fromEntries(
      Object.entries(rowsOf(predictions)).map(([name, rows]) => {
        const { widthPx, heightPx } = sizes.get(name) ?? { widthPx: 1, heightPx: 1 };
        return [
          name,
          rows.map(([x, y, w, h, score]) => [...how(x, y, w, h, widthPx, heightPx), score] as unknown as DetectionRow),
        ];
      }),
    ),
  );
}

const diagnosisOf = (written: WiderPredictions): Diagnosis[] =>
  diagnose({
    groundTruth,
    predictions: written,
    protocol,
    requireSorted: false,
    sizeOf: (image) => sizes.get(image),
    allSizesKnown: true,
  });

/** The conversion that the flags of a diagnosis ask for. */
function formatOf(fix: string): PredictionFormat {
  const flag = (name: string): string | undefined => new RegExp(`--${name} ([^ ,]+(?:,-?\\d+)?)`).exec(fix)?.[1];
  const [boxes, scale, frame, mirrored, shift] = ['boxes', 'box-scale', 'box-frame', 'mirrored', 'box-shift'].map(flag);
  const [x, y] = (shift ?? '').split(',').map(Number);
  return {
    ...(boxes === undefined ? {} : { boxes: boxes as BoxLayout }),
    ...(scale === undefined ? {} : { boxScale: Number(scale) }),
    ...(frame === undefined ? {} : { boxFrame: parseBoxFrame(frame) }),
    ...(mirrored === undefined ? {} : { mirrored: mirrored as MirroredAxes }),
    ...(shift === undefined ? {} : { boxShift: { x, y } }),
  };
}

const letterbox =
  (size: number): Write =>
  (x, y, w, h, W, H) => {
    const k = size / Math.max(W, H);
    return [x * k + (size - W * k) / 2, y * k + (size - H * k) / 2, w * k, h * k];
  };

/** Ways in which tools write boxes, what they are called, and the flags that undo them. */
const kinds: readonly (readonly [what: string, how: Write, code: Diagnosis['code'], flags: string])[] = [
  ['corners', (x, y, w, h) => [x, y, x + w, y + h], 'corner-boxes', '--boxes xyxy'],
  ['centres', (x, y, w, h) => [x + w / 2, y + h / 2, w, h], 'centre-boxes', '--boxes cxcywh'],
  ['y before x', (x, y, w, h) => [y, x, h, w], 'exchanged-axes', '--boxes yxhw'],
  ['corners, y before x', (x, y, w, h) => [y, x, y + h, x + w], 'exchanged-axes', '--boxes yxyx'],
  ['top right bottom left', (x, y, w, h) => [y, x + w, y + h, x], 'exchanged-axes', '--boxes trbl'],
  ['fractions', (x, y, w, h, W, H) => [x / W, y / H, w / W, h / H], 'normalised-boxes', '--box-frame stretch:1'],
  [
    'corners in fractions',
    (x, y, w, h, W, H) => [x / W, y / H, (x + w) / W, (y + h) / H],
    'misread-boxes',
    '--boxes xyxy --box-frame stretch:1',
  ],
  [
    'thousandths',
    (x, y, w, h, W, H) => [(1000 * x) / W, (1000 * y) / H, (1000 * w) / W, (1000 * h) / H],
    'stretched-boxes',
    '--box-frame stretch:1000',
  ],
  [
    'fractions of 255',
    (x, y, w, h, W, H) => [(255 * x) / W, (255 * y) / H, (255 * w) / W, (255 * h) / H],
    'stretched-boxes',
    '--box-frame stretch:255',
  ],
  [
    'fractions of the wrong sides',
    (x, y, w, h, W, H) => [x / H, y / W, w / H, h / W],
    'normalised-boxes',
    '--box-frame crossed:1',
  ],
  ['a letterbox of 640', letterbox(640), 'letterboxed-boxes', '--box-frame letterbox:640'],
  ['a letterbox of 416', letterbox(416), 'letterboxed-boxes', '--box-frame letterbox:416'],
  [
    'a longer side of 640',
    (x, y, w, h, W, H) => [x, y, w, h].map((v) => (v * 640) / Math.max(W, H)),
    'resized-boxes',
    '--box-frame corner:640',
  ],
  [
    'a shorter side of 600',
    (x, y, w, h, W, H) => [x, y, w, h].map((v) => (v * 600) / Math.min(W, H)),
    'resized-boxes',
    '--box-frame short:600',
  ],
  [
    'a stretch to 320 x 240',
    (x, y, w, h, W, H) => [(x * 320) / W, (y * 240) / H, (w * 320) / W, (h * 240) / H],
    'stretched-boxes',
    '--box-frame stretch:320x240',
  ],
  [
    'a stretch along x',
    (x, y, w, h, W) => [(x * 640) / W, y, (w * 640) / W, h],
    'resized-boxes',
    '--box-frame across:640',
  ],
  [
    'a longer side of 640, brought back twice',
    (x, y, w, h, W, H) => [x, y, w, h].map((v) => (v * Math.max(W, H)) / 640),
    'resized-boxes',
    '--box-frame corner:640:undone',
  ],
  ['half the size', (x, y, w, h) => [x / 2, y / 2, w / 2, h / 2], 'resized-boxes', '--box-scale 2'],
  ['mirrored images', (x, y, w, h, W) => [W - x - w, y, w, h], 'mirrored-boxes', '--mirrored x'],
  [
    'mirrored fractions',
    (x, y, w, h, W, H) => [(W - x - w) / W, y / H, w / W, h / H],
    'misread-boxes',
    '--box-frame stretch:1 --mirrored x',
  ],
  ['images padded by 32 pixels', (x, y, w, h) => [x + 32, y + 32, w, h], 'offset-boxes', '--box-shift -32,-32'],
];

describe('diagnose, on boxes written in other ways', () => {
  const expected = scoreWider(groundTruth, predictions, protocol);

  it.each(kinds)('names %s, and its flags bring AP back', (_, how, code, flags) => {
    const written = write(how);
    const [first, ...others] = diagnosisOf(written);
    expect(first.fix.startsWith(`${flags},`)).toBe(true);
    expect(first.code).toBe(code);
    expect(first.level).toBe('error');
    expect(others.filter(({ level }) => level === 'error')).toEqual([]);
    const corrected = convertPredictions(written, formatOf(first.fix), (image) => sizes.get(image));
    const ap = scoreWider(groundTruth, corrected, protocol);
    for (const split of ['easy', 'medium', 'hard'] as const) expect(ap[split]).toBeCloseTo(expected[split] ?? 0, 6);
    expect(diagnosisOf(corrected)).toEqual([]);
  });

  it('names whole numbers of a small letterbox by its size, though cutting shifts them', () => {
    const [first] = diagnosisOf(write((...box) => letterbox(320)(...box).map(Math.trunc)));
    expect(first.fix).toMatch(/^--box-frame letterbox:320,/);
  });

  it('says that fractions need sizes where none is known', () => {
    const written = write((x, y, w, h, W, H) => [x / W, y / H, w / W, h / H]);
    const [first] = diagnose({ groundTruth, predictions: written, protocol, requireSorted: false });
    expect(first).toMatchObject({ code: 'normalised-boxes', level: 'error' });
    expect(first.fix).toMatch(/--data DIR/);
  });

  it.each([
    ['mirrored', ((x, y, w, h, W) => [W - x - w, y, w, h]) satisfies Write],
    ['in a letterbox', letterbox(640)],
  ] as const)('names boxes %s where no size is known, by a map that each image needs', (_, how) => {
    const found = diagnose({ groundTruth, predictions: write(how), protocol, requireSorted: false });
    expect(found[0]).toMatchObject({ code: 'misread-boxes', level: 'error' });
    expect(found[0].evidence).toMatch(/a scale and a shift of its own/);
    expect(found[0].fix).toMatch(/--data DIR/);
  });

  it('tells a card apart from a file', () => {
    const [first] = diagnose({
      groundTruth,
      predictions: write((x, y, w, h) => [x / 2, y / 2, w / 2, h / 2]),
      protocol,
      requireSorted: false,
      origin: 'detector',
    });
    expect(first.fix).toMatch(/the card of the model/);
  });

  it('names the part of a run that is misread', () => {
    const corners = write((x, y, w, h) => [x, y, x + w, y + h]);
    const mixed = { ...rowsOf(predictions) };
    Object.entries(rowsOf(corners)).forEach(([name, rows], index) => {
      if (index % 2 === 1) mixed[name] = rows;
    });
    const found = diagnosisOf(predictionsOf(mixed));
    expect(found[0]).toMatchObject({ code: 'corner-boxes', level: 'error' });
    expect(found[0].evidence).toMatch(/^in \d+ of 60 images, those in which nothing is found/);
  });

  it('finds no other meaning in boxes at random, which find nothing', () => {
    const random = seededRandom(5);
    const anywhere = write(() => [900 * random(), 700 * random(), 20 + 100 * random(), 20 + 100 * random()]);
    expect(diagnosisOf(anywhere).map(({ code }) => code)).toEqual(['finds-nothing']);
  });
});
