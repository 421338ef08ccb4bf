import { describe, expect, test } from 'vitest';
import { checkComposed } from '../../src/card/check-composed.js';
import { outputParts } from '../../src/draft/output-parts.js';
import { type DecoderDraft, decoderDrafts, type NetworkProbe } from '../../src/index.js';

function probe(
  widthPx: number,
  heightPx: number,
  outputs: Readonly<Record<string, readonly number[]>>,
  suppresses = false,
): NetworkProbe {
  return {
    widthPx,
    heightPx,
    suppresses,
    outputs: Object.entries(outputs).map(([name, dims]) => ({
      ...{ name, dims, stated: dims, least: 0, most: 1 },
      isInteger: /^(num|classes|labels|selected)/.test(name),
    })),
  };
}

const families = (drafts: readonly DecoderDraft[]): string[] => [...new Set(drafts.map(({ family }) => family))];

/** Output shapes of public exports at their usual input sizes, and the family that each is. */
const exports: readonly [title: string, NetworkProbe, family: string][] = [
  ['RetinaFace', probe(640, 640, { loc: [1, 16800, 4], conf: [1, 16800, 2], landms: [1, 16800, 10] }), 'RetinaFace'],
  [
    'RetinaFace of the MXNet code',
    probe(640, 480, {
      c32: [1, 4, 15, 20],
      b32: [1, 8, 15, 20],
      l32: [1, 20, 15, 20],
      c16: [1, 4, 30, 40],
      b16: [1, 8, 30, 40],
      l16: [1, 20, 30, 40],
      c8: [1, 4, 60, 80],
      b8: [1, 8, 60, 80],
      l8: [1, 20, 60, 80],
    }),
    'RetinaFace (MXNet)',
  ],
  [
    'SCRFD with points',
    probe(640, 640, {
      ...{ a: [12800, 1], b: [3200, 1], c: [800, 1], d: [12800, 4], e: [3200, 4], f: [800, 4] },
      ...{ g: [12800, 10], h: [3200, 10], i: [800, 10] },
    }),
    'SCRFD',
  ],
  [
    'YuNet of 2023',
    probe(640, 640, {
      ...{ cls_8: [1, 6400, 1], cls_16: [1, 1600, 1], cls_32: [1, 400, 1] },
      ...{ obj_8: [1, 6400, 1], obj_16: [1, 1600, 1], obj_32: [1, 400, 1] },
      ...{ bbox_8: [1, 6400, 4], bbox_16: [1, 1600, 4], bbox_32: [1, 400, 4] },
      ...{ kps_8: [1, 6400, 10], kps_16: [1, 1600, 10], kps_32: [1, 400, 10] },
    }),
    'YuNet',
  ],
  // 160 x 120, rounded down: 20 x 15 cells of 3, 10 x 7 of 2, 5 x 3 of 2, 2 x 1 of 3: 900 + 140 + 30 + 6 = 1,076.
  ['YuNet of 2021', probe(160, 120, { loc: [1076, 14], conf: [1076, 2], iou: [1076, 1] }), 'YuNet'],
  // 128 x 128: 16 x 16 cells of 2, 8 x 8 of 6.
  [
    'BlazeFace in four outputs',
    probe(128, 128, { c8: [1, 512, 1], c16: [1, 384, 1], r8: [1, 512, 16], r16: [1, 384, 16] }),
    'BlazeFace (MediaPipe)',
  ],
  [
    'YOLOv5-face, raw',
    probe(640, 640, { a: [1, 3, 80, 80, 16], b: [1, 3, 40, 40, 16], c: [1, 3, 20, 20, 16] }),
    'YOLOv5-face',
  ],
  [
    'YOLOv5-face, channels',
    probe(640, 640, { a: [1, 48, 80, 80], b: [1, 48, 40, 40], c: [1, 48, 20, 20] }),
    'YOLOv5-face',
  ],
  ['YOLOv5-face, decoded', probe(640, 640, { output: [1, 25200, 16] }), 'YOLOv5-face'],
  ['YOLOv7-face, decoded', probe(640, 640, { output: [1, 25200, 21] }), 'YOLOv5-face'],
  ['YOLOv8-face, decoded', probe(640, 640, { output0: [1, 20, 8400] }), 'YOLOv8-face'],
  [
    'YOLOv8-face, heads',
    probe(640, 640, { a: [1, 80, 80, 80], b: [1, 80, 40, 40], c: [1, 80, 20, 20] }),
    'YOLOv8-face',
  ],
  [
    'CenterFace',
    probe(640, 640, { hm: [1, 1, 160, 160], wh: [1, 2, 160, 160], off: [1, 2, 160, 160], lm: [1, 10, 160, 160] }),
    'CenterFace',
  ],
  // 1024 x 1024: 32 x 32 cells of 21, 16 x 16 and 8 x 8 of 1: 21,504 + 256 + 64 = 21,824.
  ['FaceBoxes', probe(1024, 1024, { loc: [1, 21824, 4], conf: [1, 21824, 2] }), 'FaceBoxes'],
  [
    'BlazeFace, short range',
    probe(128, 128, { regressors: [1, 896, 16], classificators: [1, 896, 1] }),
    'BlazeFace (MediaPipe)',
  ],
  [
    'BlazeFace, full range',
    probe(192, 192, { regressors: [1, 2304, 16], classificators: [1, 2304, 1] }),
    'BlazeFace (MediaPipe)',
  ],
  ['rows of Torch', probe(640, 640, { dets: [7, 15] }), 'decoded boxes'],
  [
    'rows of TensorRT',
    probe(640, 640, { num: [1, 1], boxes: [1, 100, 4], scores: [1, 100], classes: [1, 100] }, true),
    'decoded boxes',
  ],
];

describe('decoderDrafts', () => {
  test.each(exports)('reads the outputs of %s, among other readings', (_, given, family) => {
    const drafts = decoderDrafts(given);
    expect(families(drafts)).toContain(family);
    for (const { decoder } of drafts) checkComposed(decoder, 'draft', false);
  });

  test('calls boxes on the grid of YOLO by that name only where they are centres in pixels', () => {
    const drafts = decoderDrafts(probe(640, 640, { boxes: [1, 8400, 4], scores: [1, 8400, 1] }));
    const valuesOf = (family: string) =>
      drafts
        .filter((draft) => draft.family === family)
        .map(({ decoder: { boxes } }) => [boxes.values, boxes.position?.unit]);
    expect(valuesOf('YOLOv8-face')).toEqual([['cx cy w h', 'pixels']]);
    expect(valuesOf('decoded boxes')).toContainEqual(['x1 y1 x2 y2', 'input']);
  });

  test('rounds cells down where the number of candidates says so', () => {
    const [, given] = exports.find(([title]) => title === 'YuNet of 2021')!;
    const draft = decoderDrafts(given).find(({ family }) => family === 'YuNet')!;
    expect(draft.decoder.geometry).toMatchObject({
      cells: 'floor',
      levels: [{ stride: 8, anchors: [10, 16, 24] }, {}, {}, {}],
    });
    expect(draft.decoder.scores).toMatchObject({ factors: [{ tensor: 'conf', keep: [1] }, { tensor: 'iou' }] });
  });

  test('takes the rows that a network counts, or the candidates that it names, and no label for a score', () => {
    const rows = { num_dets: [1, 1], boxes: [1, 100, 4], scores: [1, 100], labels: [1, 100] };
    for (const { decoder } of decoderDrafts(probe(640, 640, rows, true))) {
      expect(decoder.suppressed).toEqual({ count: 'num_dets' });
      expect(decoder.scores.factors.map(({ tensor }) => tensor)).toEqual(['scores']);
    }
    const named = { selected: [9, 3], boxes: [1, 8400, 4], scores: [1, 1, 8400] };
    const suppressed = decoderDrafts(probe(640, 640, named, true)).map(({ decoder }) => decoder.suppressed);
    expect(suppressed).toContainEqual({ indices: 'selected' });
  });

  test('finds nothing in the outputs of a classifier', () => {
    expect(decoderDrafts(probe(224, 224, { logits: [1, 1000] }))).toEqual([]);
  });
});

test('outputParts tells classification from objectness, level by level', () => {
  const [, given] = exports.find(([title]) => title === 'YuNet of 2023')!;
  const ones = outputParts(given).filter(({ values }) => values === 1);
  expect(ones.map(({ tensor }) => tensor)).toEqual([
    ['cls_8', 'cls_16', 'cls_32'],
    ['obj_8', 'obj_16', 'obj_32'],
  ]);
  expect(ones[0].levels).toEqual([
    { stride: 8, perCell: 1 },
    { stride: 16, perCell: 1 },
    { stride: 32, perCell: 1 },
  ]);
});
