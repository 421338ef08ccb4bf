import { anchorPresets } from '@retinabench/core';
import type { CardDecoder } from './card.js';
import type { ComposedDecoder } from './composed.js';

/**
 * A decoder written out: the named kinds are presets of the composed one. RetinaFace's dense head has no counterpart and is
 * left out.
 */
export function composedForm(decoder: CardDecoder): ComposedDecoder {
  switch (decoder.kind) {
    case 'composed':
      return decoder;
    case 'retinaface':
      return retinaface(decoder);
    case 'scrfd':
      return scrfd(decoder);
    case 'yunet':
      return yunet(decoder);
    case 'corners':
      return {
        kind: 'composed',
        scores: { factors: [{ tensor: decoder.outputs.scores, classes: 2, keep: [1] }] },
        boxes: {
          from: [{ tensor: decoder.outputs.boxes }],
          values: 'x1 y1 x2 y2',
          position: { unit: 'input' },
        },
      };
    case 'boxes':
      return {
        kind: 'composed',
        scores: { factors: [{ tensor: decoder.outputs.scores, axes: '1 n' }] },
        boxes: {
          from: [{ tensor: decoder.outputs.boxes }],
          values: 'x1 y1 x2 y2',
          position: { unit: 'pixels' },
        },
      };
  }
}

/** Source: arXiv:1905.00641, section 3.1; the SSD rule. */
function retinaface(decoder: Extract<CardDecoder, { kind: 'retinaface' }>): ComposedDecoder {
  const { levels, centre } = anchorPresets[decoder.anchors];
  const [centreVariance, sizeVariance] = decoder.variances;
  const { scores, boxes, landmarks } = decoder.outputs;
  const offset = { origin: 'point', unit: 'anchor', factor: centreVariance } as const;
  return {
    kind: 'composed',
    geometry: {
      levels: levels.map(({ stride, sizesPx }) => ({ stride, anchors: sizesPx })),
      ...(centre === 'corner16' ? { pointPx: 7.5 } : {}),
    },
    scores: {
      factors: [
        {
          tensor: scores,
          classes: 2,
          keep: [1],
          ...(decoder.softmaxApplied ? {} : { activation: 'softmax' as const }),
        },
      ],
    },
    boxes: {
      from: [{ tensor: boxes }],
      values: 'cx cy w h',
      position: offset,
      size: { unit: 'anchor', gain: sizeVariance, activation: 'exp' },
    },
    ...(landmarks === undefined ? {} : { landmarks: { from: { tensor: landmarks }, points: 5, position: offset } }),
  };
}

/** Source: arXiv:2105.04714; the public InsightFace detector (distance2bbox, distance2kps). */
function scrfd({ levels }: Extract<CardDecoder, { kind: 'scrfd' }>): ComposedDecoder {
  const landmarks = levels.flatMap((level) => level.landmarks ?? []);
  return {
    kind: 'composed',
    geometry: {
      levels: levels.map(({ stride, anchorsPerCell }) => ({ stride, points: anchorsPerCell })),
      pointInCell: 0,
    },
    scores: { factors: [{ tensor: levels.map(({ scores }) => scores) }] },
    boxes: {
      from: [{ tensor: levels.map(({ boxes }) => boxes) }],
      values: 'left top right bottom',
      size: { unit: 'stride' },
    },
    ...(landmarks.length < levels.length
      ? {}
      : { landmarks: { from: { tensor: landmarks }, points: 5, position: { origin: 'point', unit: 'stride' } } }),
  };
}

/** Source: Wu et al., "YuNet: A tiny millisecond-level face detector" (2023); OpenCV's FaceDetectorYN. */
function yunet({ levels }: Extract<CardDecoder, { kind: 'yunet' }>): ComposedDecoder {
  return {
    kind: 'composed',
    geometry: { levels: levels.map(({ stride }) => ({ stride })), pointInCell: 0 },
    scores: {
      factors: [
        { tensor: levels.map(({ classification }) => classification), clamp: true },
        { tensor: levels.map(({ objectness }) => objectness), clamp: true },
      ],
      combine: 'geometric-mean',
    },
    boxes: {
      from: [{ tensor: levels.map(({ boxes }) => boxes) }],
      values: 'cx cy w h',
      position: { origin: 'point', unit: 'stride' },
      size: { unit: 'stride', activation: 'exp' },
    },
    landmarks: {
      from: { tensor: levels.map(({ landmarks }) => landmarks) },
      points: 5,
      position: { origin: 'point', unit: 'stride' },
    },
  };
}
