import type { ComposedBoxes, ComposedGeometry, PositionRule } from '../card/composed.js';
import type { Family } from './decoder-draft.js';
import { anchorsFor, squareAnchors, yoloAnchors } from './known-anchors.js';
import { type PartLevel, pointLevels } from './output-parts.js';

/** One way to turn four values into a box, and points alike. */
export interface BoxReading {
  readonly family: Family;
  readonly boxes: string;
  readonly anchors?: string;
  readonly geometry?: ComposedGeometry;
  readonly rule: Pick<ComposedBoxes, 'values' | 'position' | 'size' | 'inclusive'>;
  readonly points: PositionRule;
}

/** Ways to read four numbers of a candidate of these levels. */
export function boxReadings(levels: readonly PartLevel[]): BoxReading[] {
  return [...ssdReadings(levels), ...yoloReadings(levels), ...pointReadings(levels), ...decodedReadings()];
}

const withAnchors = (levels: readonly PartLevel[], anchors: (typeof squareAnchors)[number]): ComposedGeometry => ({
  levels: levels.map(({ stride }) => ({ stride, anchors: anchors.anchors[stride] })),
});

/** Source: arXiv:1512.02325, section 2.2; the original RetinaFace has no variances and counts both end pixels. */
function ssdReadings(levels: readonly PartLevel[]): BoxReading[] {
  return anchorsFor(squareAnchors, levels).flatMap((known): BoxReading[] => {
    const geometry = withAnchors(levels, known);
    const offset = { origin: 'point', unit: 'anchor', factor: 0.1 } as const;
    const plain = { origin: 'point', unit: 'anchor' } as const;
    return [
      {
        family: familyOf(known.name),
        boxes: 'offsets over anchors, variances 0.1 and 0.2',
        anchors: known.name,
        geometry,
        rule: { values: 'cx cy w h', position: offset, size: { unit: 'anchor', gain: 0.2, activation: 'exp' } },
        points: offset,
      },
      {
        family: 'RetinaFace (MXNet)',
        boxes: 'offsets over anchors, no variances, inclusive pixels, anchors at 7.5',
        anchors: known.name,
        geometry: { ...geometry, pointPx: 7.5 },
        rule: {
          values: 'cx cy w h',
          position: plain,
          size: { unit: 'anchor', activation: 'exp' },
          inclusive: true,
        },
        points: plain,
      },
    ];
  });
}

function familyOf(anchors: string): Family {
  if (anchors.startsWith('UltraFace')) return 'UltraFace';
  if (anchors.startsWith('BlazeFace')) return 'BlazeFace';
  if (anchors === 'FaceBoxes' || anchors === 'S3FD') return anchors;
  return 'RetinaFace';
}

/** Source: the public YOLOv5 (model/yolo.py, Detect) and YOLOv5-face. */
function yoloReadings(levels: readonly PartLevel[]): BoxReading[] {
  return anchorsFor(yoloAnchors, levels).map((known) => ({
    family: 'YOLOv5-face',
    boxes: 'sigmoids over anchors, raw',
    anchors: known.name,
    geometry: { ...withAnchors(levels, known), pointInCell: 0 },
    rule: {
      values: 'cx cy w h',
      position: { origin: 'point', unit: 'stride', activation: 'sigmoid', factor: 2, add: -0.5 },
      size: { unit: 'anchor', activation: 'sigmoid', factor: 2, power: 2 },
    },
    points: { origin: 'point', unit: 'anchor' },
  }));
}

/** Sources: arXiv:2105.04714 (SCRFD); the public YuNet; arXiv:1907.05047 (BlazeFace, MediaPipe's graph). */
function pointReadings(levels: readonly PartLevel[]): BoxReading[] {
  const corner = { levels: pointLevels(levels), pointInCell: 0 };
  const centre = { levels: pointLevels(levels), pointInCell: 0.5 };
  const strides = { origin: 'point', unit: 'stride' } as const;
  const pixels = { origin: 'point', unit: 'pixels' } as const;
  const sides = 'left top right bottom';
  return [
    {
      family: 'SCRFD',
      boxes: 'distances to the sides in strides, from the corner of the cell',
      geometry: corner,
      rule: { values: sides, size: { unit: 'stride' } },
      points: strides,
    },
    {
      family: 'SCRFD',
      boxes: 'distances to the sides in strides, from the centre of the cell',
      geometry: centre,
      rule: { values: sides, size: { unit: 'stride' } },
      points: strides,
    },
    {
      family: 'SCRFD',
      boxes: 'distances to the sides in pixels, from the centre of the cell',
      geometry: centre,
      rule: { values: sides, size: { unit: 'pixels' } },
      points: pixels,
    },
    {
      family: 'YuNet',
      boxes: 'offset in strides, exponential of the size',
      geometry: corner,
      rule: { values: 'cx cy w h', position: strides, size: { unit: 'stride', activation: 'exp' } },
      points: strides,
    },
    {
      family: 'BlazeFace (MediaPipe)',
      boxes: 'offset and size in pixels, from the centre of the cell',
      geometry: centre,
      rule: { values: 'cx cy w h', position: pixels, size: { unit: 'pixels' } },
      points: pixels,
    },
  ];
}

/** Boxes that the graph has decoded. */
export function decodedReadings(): BoxReading[] {
  return (['pixels', 'input'] as const).flatMap((unit) =>
    [
      ['x1 y1 x2 y2', 'corners'],
      ['y1 x1 y2 x2', 'corners, rows first'],
      ['cx cy w h', 'centre and size'],
      ['x1 y1 w h', 'corner and size'],
    ].map(([values, words]): BoxReading => {
      const size = words.endsWith('size') ? { size: { unit } } : {};
      return {
        family: 'decoded boxes',
        boxes: `${words} in ${unit === 'pixels' ? 'pixels of' : 'fractions of'} the input`,
        rule: { values, position: { unit }, ...size },
        points: { unit },
      };
    }),
  );
}
