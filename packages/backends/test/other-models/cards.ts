import type { CardInput, ComposedDecoder, InputSize, ModelCard } from '@retinabench/models';

/** A detector of `models/other` of the shared data folder: the card that its facts.md leads to, and the scale it is run at. */
export interface OtherModel {
  readonly card: ModelCard;
  /** As `parseScaleRule` reads it. */
  readonly scale: string;
  /** Score from which its reference lists boxes. */
  readonly listedFrom: number;
}

/** Every entry of facts.md resizes to whole pixels, floor(v + 0.5), and goes back by the ratio of the sides. */
const whole = { sampling: 'whole-pixels', rounding: 'half-up' } as const;
const caffeMean = { colourOrder: 'bgr', mean: [104, 117, 123], scale: [1, 1, 1] } as const;
const asIs = { mean: [0, 0, 0], scale: [1, 1, 1] } as const;
const strides = [8, 16, 32] as const;

const ssdBoxes = {
  values: 'cx cy w h',
  position: { origin: 'point', unit: 'anchor', factor: 0.1 },
  size: { unit: 'anchor', gain: 0.2, activation: 'exp' },
} as const;
const ssdPoints = { points: 5, position: { origin: 'point', unit: 'anchor', factor: 0.1 } } as const;
const retinafaceLevels = [
  { stride: 8, anchors: [16, 32] },
  { stride: 16, anchors: [64, 128] },
  { stride: 32, anchors: [256, 512] },
];

function other(
  id: string,
  input: Omit<CardInput, 'layout' | 'size'> & { readonly layout?: CardInput['layout']; readonly size: InputSize },
  decoder: ComposedDecoder,
  defaults: ModelCard['defaults'],
  scale = 'original',
  listedFrom = 0.02,
): OtherModel {
  const card: ModelCard = {
    schemaVersion: 1,
    id,
    title: id,
    task: 'face-detection',
    source: 'models/other/facts.md of the shared data folder',
    licence: 'see facts.md',
    sha256: '0'.repeat(64),
    parameters: 0,
    input: { layout: 'NCHW', ...input },
    decoder,
    ...(defaults === undefined ? {} : { defaults }),
    landmarks: decoder.landmarks !== undefined,
  };
  return { card, scale, listedFrom };
}

function yunet(id: string, input: Parameters<typeof other>[1]): OtherModel {
  const of = (name: string): string[] => strides.map((stride) => `${name}_${stride}`);
  return other(
    id,
    input,
    {
      kind: 'composed',
      geometry: { levels: strides.map((stride) => ({ stride })), pointInCell: 0 },
      scores: {
        factors: [
          { tensor: of('cls'), clamp: true },
          { tensor: of('obj'), clamp: true },
        ],
        combine: 'geometric-mean',
      },
      boxes: {
        from: [{ tensor: of('bbox') }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'stride' },
        size: { unit: 'stride', activation: 'exp' },
      },
      landmarks: { from: { tensor: of('kps') }, points: 5, position: { origin: 'point', unit: 'stride' } },
    },
    { scoreFloor: 0.02, nmsIou: 0.45, nmsConvention: 'continuous' },
    'vga',
  );
}

const multiple32 = { rule: 'multiple', of: 32, padValue: 0, ...whole } as const;

const yolo = { axes: '1 k h w v', tensor: strides.map((stride) => `stride_${stride}`) };

/** The models, in the order of facts.md. */
export const otherModels: readonly OtherModel[] = [
  other(
    'retinaface-one-output',
    {
      tensor: 'input0',
      ...caffeMean,
      size: { rule: 'fixed', widthPx: 640, heightPx: 640, fit: 'letterbox', padValue: 0, ...whole },
    },
    {
      kind: 'composed',
      geometry: { levels: retinafaceLevels },
      scores: { factors: [{ tensor: 'output0', at: 4, classes: 2, keep: [1], activation: 'softmax' }] },
      boxes: { from: [{ tensor: 'output0', at: 0 }], ...ssdBoxes },
      landmarks: { from: { tensor: 'output0', at: 6 }, ...ssdPoints },
    },
    { scoreFloor: 0.02, nmsIou: 0.4 },
  ),
  other(
    'retinaface-int8',
    { tensor: 'input', ...caffeMean, size: { rule: 'any', ...whole } },
    {
      kind: 'composed',
      geometry: { levels: retinafaceLevels },
      scores: { factors: [{ tensor: 'confidence', classes: 2, keep: [1] }] },
      boxes: { from: [{ tensor: 'bbox' }], ...ssdBoxes },
      landmarks: { from: { tensor: 'landmark' }, ...ssdPoints },
    },
    { scoreFloor: 0.02, nmsIou: 0.4 },
    'vga',
  ),
  other(
    'retinaface-mxnet-style',
    { tensor: 'data', colourOrder: 'rgb', ...asIs, size: { rule: 'any', ...whole } },
    {
      kind: 'composed',
      geometry: {
        levels: [
          { stride: 32, anchors: [512, 256] },
          { stride: 16, anchors: [128, 64] },
          { stride: 8, anchors: [32, 16] },
        ],
        pointPx: 7.5,
      },
      scores: {
        factors: [
          {
            tensor: [32, 16, 8].map((stride) => `face_rpn_cls_prob_reshape_stride${stride}`),
            axes: '1 (v k) h w',
            classes: 2,
            keep: [1],
          },
        ],
      },
      boxes: {
        from: [{ tensor: [32, 16, 8].map((stride) => `face_rpn_bbox_pred_stride${stride}`), axes: '1 (k v) h w' }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'anchor' },
        size: { unit: 'anchor', activation: 'exp' },
        inclusive: true,
      },
      landmarks: {
        from: { tensor: [32, 16, 8].map((stride) => `face_rpn_landmark_pred_stride${stride}`), axes: '1 (k v) h w' },
        points: 5,
        position: { origin: 'point', unit: 'anchor' },
      },
    },
    { scoreFloor: 0.02, nmsIou: 0.4 },
    'vga',
  ),
  other(
    'blazeface-128',
    {
      tensor: 'input',
      ...caffeMean,
      size: { rule: 'fixed', widthPx: 128, heightPx: 128, fit: 'stretch', padValue: 0, ...whole },
    },
    {
      kind: 'composed',
      geometry: {
        levels: [
          { stride: 8, anchors: [8, 11] },
          { stride: 16, anchors: [14, 19, 26, 38, 64, 149] },
        ],
      },
      scores: { factors: [{ tensor: 'scores', classes: 2, keep: [1] }] },
      boxes: { from: [{ tensor: 'boxes' }], ...ssdBoxes },
      landmarks: { from: { tensor: 'landmark' }, ...ssdPoints },
    },
    { scoreFloor: 0.02, nmsIou: 0.3 },
  ),
  other(
    'yolov5n-05',
    {
      tensor: 'data',
      colourOrder: 'rgb',
      mean: [0, 0, 0],
      scale: [1 / 255, 1 / 255, 1 / 255],
      size: { rule: 'fixed', widthPx: 640, heightPx: 640, fit: 'letterbox-centre', padValue: 114, ...whole },
    },
    {
      kind: 'composed',
      geometry: {
        levels: [
          {
            stride: 8,
            anchors: [
              [4, 5],
              [8, 10],
              [13, 16],
            ],
          },
          {
            stride: 16,
            anchors: [
              [23, 29],
              [43, 55],
              [73, 105],
            ],
          },
          {
            stride: 32,
            anchors: [
              [146, 217],
              [231, 300],
              [335, 433],
            ],
          },
        ],
        pointInCell: 0,
      },
      scores: {
        factors: [
          { ...yolo, at: 4, activation: 'sigmoid' },
          { ...yolo, at: 15, activation: 'sigmoid' },
        ],
      },
      boxes: {
        from: [{ ...yolo, at: 0 }],
        values: 'cx cy w h',
        position: { origin: 'point', unit: 'stride', activation: 'sigmoid', factor: 2, add: -0.5 },
        size: { unit: 'anchor', activation: 'sigmoid', factor: 2, power: 2 },
      },
      landmarks: { from: { ...yolo, at: 5 }, points: 5, position: { origin: 'point', unit: 'anchor' } },
    },
    { scoreFloor: 0.02, nmsIou: 0.5, nmsConvention: 'continuous' },
  ),
  other(
    'ultraface-rfb320-raw',
    {
      tensor: 'input',
      colourOrder: 'rgb',
      mean: [127, 127, 127],
      scale: [1 / 128, 1 / 128, 1 / 128],
      size: { rule: 'fixed', widthPx: 320, heightPx: 240, fit: 'stretch', padValue: 0, ...whole },
    },
    {
      kind: 'composed',
      geometry: {
        levels: [
          { stride: 8, anchors: [10, 16, 24] },
          { stride: 16, anchors: [32, 48] },
          { stride: 32, anchors: [64, 96] },
          { stride: 64, anchors: [128, 192, 256] },
        ],
      },
      scores: { factors: [{ tensor: 'scores', classes: 2, keep: [1] }] },
      boxes: { from: [{ tensor: 'boxes' }], ...ssdBoxes },
    },
    { scoreFloor: 0.02, nmsIou: 0.3, nmsConvention: 'continuous' },
    'original',
    0.1,
  ),
  yunet('yunet-s-nhwc', { tensor: 'image', layout: 'NHWC', colourOrder: 'bgr', ...asIs, size: multiple32 }),
  yunet('yunet-s-uint8', {
    ...{ tensor: 'image', type: 'uint8', layout: 'NHWC', colourOrder: 'bgr', ...asIs, size: multiple32 },
  }),
  yunet('yunet-s-float16', { tensor: 'image', type: 'float16', colourOrder: 'bgr', ...asIs, size: multiple32 }),
  yunet('yunet-s-external', { tensor: 'input', colourOrder: 'bgr', ...asIs, size: multiple32 }),
  other(
    'yunet-s-nms',
    {
      tensor: 'input',
      colourOrder: 'bgr',
      ...asIs,
      size: { rule: 'fixed', widthPx: 640, heightPx: 640, fit: 'letterbox', padValue: 0, ...whole },
    },
    {
      kind: 'composed',
      scores: { factors: [{ tensor: 'detection_scores', axes: '1 n' }] },
      boxes: { from: [{ tensor: 'detection_boxes' }], values: 'x1 y1 x2 y2', position: { unit: 'input' } },
      suppressed: { count: 'num_detections' },
    },
    { scoreFloor: 0.02 },
  ),
];
