import type { Word } from '../word.js';

const testTime = 'docs/test-time-protocol.md';
const cards = 'docs/card-fields.md';
const bench = 'docs/performance.md';

/** Settings of protocols that say how a detector is run. */
export const detectorWords: readonly Word[] = [
  {
    word: 'scale',
    meaning:
      'The size at which the network sees an image: original, long:640 (longest side), short:1600,2150 (shortest side, capped), vga (longest side 640), pyramid, or sizes joined by +, whose boxes are united.',
    docs: testTime,
  },
  { word: 'flip', meaning: 'Whether the mirrored image is detected too.', docs: testTime },
  {
    word: 'resize',
    meaning: 'The kernel that resizes images: opencv-linear as public scripts, or one of libvips.',
    docs: testTime,
  },
  {
    word: 'scoreFloor',
    also: ['score floor'],
    meaning:
      'Boxes that score above it are kept. A high floor cuts the end of the curve, and AP with it: published APs have 0.02 or less.',
    docs: testTime,
  },
  {
    word: 'suppression',
    meaning: 'How boxes on one face become one: nms, soft-nms, vote (boxes are averaged), none.',
    docs: testTime,
  },
  { word: 'nmsIou', meaning: 'IoU above which the lower of two boxes is suppressed.', docs: testTime },
  {
    word: 'nmsConvention',
    meaning: 'pixel: sides are x2 - x1 + 1 in suppression; continuous: x2 - x1.',
    docs: testTime,
  },
  { word: 'topK', meaning: 'Boxes that enter suppression, best first; 0: all.', docs: testTime },
  { word: 'keepTopK', meaning: 'Boxes kept after suppression, best first; 0: all.', docs: testTime },
  {
    word: 'perturb',
    also: ['perturbSeed'],
    meaning: 'How images are corrupted before detection: blur, jpeg, dark, noise, scale, rotate.',
    docs: testTime,
  },
  {
    word: 'input.*',
    also: ['input.mean', 'input.scale', 'input.colourOrder', 'input.size.rule'],
    meaning:
      "How pixels are fed, by the network's card: order of colours, mean taken off, scale, and the rule of the input's size (any, a multiple, or fixed).",
    docs: cards,
  },
  {
    word: 'decoder.*',
    also: ['decoder.kind', 'decoder.anchors', 'decoder.variances', 'decoder.softmaxApplied', 'decoder.levels'],
    meaning:
      'How outputs become boxes, by the card: kind of head, anchors, variances, whether the network applies softmax itself.',
    docs: cards,
  },
  {
    word: 'imageWidthPx',
    also: ['imageHeightPx', 'image'],
    meaning: 'Bench: the size of the photograph, and the first digits of its hash.',
    docs: bench,
  },
  { word: 'threads', meaning: 'Intra-operator threads of a session.', docs: bench },
  {
    word: 'workers',
    also: ['images', 'files'],
    meaning: 'Bench of throughput: worker processes, images, and the digest of their files.',
    docs: bench,
  },
  {
    word: 'unmatchedShare',
    also: ['apTolerance'],
    meaning: 'Parity: the share of detections that may have no partner, and the difference in AP that is allowed.',
    docs: 'docs/backends.md',
  },
];
