import type { Word } from '../word.js';

const wider = 'docs/wider-protocol.md';
const detection = 'docs/detection-metrics.md';
const ijbc = 'docs/ijbc-protocol.md';
const landmarks = 'docs/landmarks.md';

/** Settings of protocols that say how results are scored. */
export const scoringWords: readonly Word[] = [
  {
    word: 'metric',
    meaning: 'What is computed: wider-ap is the AP of WIDER FACE, multi-task-loss the training loss.',
    docs: wider,
  },
  {
    word: 'rules',
    meaning:
      'Whose evaluator of WIDER FACE is reproduced: python (the one behind most published numbers), matlab, or matlab-int, whose IoU is in whole numbers.',
    docs: wider,
  },
  {
    word: 'order',
    meaning: 'Detections are matched in the order of the file (file), or best score first (score).',
    docs: wider,
  },
  {
    word: 'countLine',
    meaning: 'Whether line 2 of a prediction file says how many lines are read: ignored or binding.',
    docs: wider,
  },
  {
    word: 'missingFile',
    meaning: 'An image without predictions ends the evaluation (error) or has no detections (empty).',
    docs: wider,
  },
  {
    word: 'normalisation',
    meaning: 'Number format in which scores are stretched to 0 .. 1 over the run: float64 or float32.',
    docs: wider,
  },
  { word: 'overlap', meaning: "Number format of the IoU: float64, or int32, MATLAB's whole numbers.", docs: wider },
  {
    word: 'match',
    meaning:
      'first-arg-max: a detection goes to the face of its largest IoU, the first of equals, and to no other, even if that one is taken.',
    docs: wider,
  },
  {
    word: 'iou',
    meaning: 'plus-one: widths are x2 - x1 + 1, as in whole pixels. On landmarks: the IoU at which faces are paired.',
    docs: wider,
  },
  { word: 'iouThreshold', meaning: 'IoU from which on a detection finds a face.', docs: wider },
  {
    word: 'thresholds',
    meaning:
      'Number of score thresholds at which precision and recall are taken; on landmarks, the errors of failure rate and AUC.',
    docs: wider,
  },
  { word: 'emptyPrecision', meaning: 'absent: a threshold without proposals has no precision.', docs: wider },
  {
    word: 'facesWithoutArea',
    also: ['faces.withoutArea'],
    meaning: 'What is done with faces of width or height 0: counted or ignored.',
    docs: wider,
  },
  {
    word: 'boxRounding',
    meaning: 'truncate: corners to whole pixels, as public scripts write them; none: as they are.',
    docs: 'docs/test-time-protocol.md',
  },
  { word: 'evaluation', meaning: 'detection: numbers on any annotated images.', docs: detection },
  {
    word: 'faces.*',
    also: ['crowd', 'ignored', 'difficult', 'minSizePx'],
    meaning:
      'Which annotated faces count: those that are a crowd, ignored, difficult or smaller than minSizePx may be left out, so that detections on them count neither way.',
    docs: detection,
  },
  {
    word: 'coco.*',
    also: ['maxDets', 'coco.maxDets', 'coco.areasPx'],
    meaning:
      "COCO's settings: IoU 0.50 to 0.95 in steps of 0.05, 101 points of recall, at most maxDets detections an image, areas that divide small, medium and large.",
    docs: detection,
  },
  {
    word: 'voc.*',
    meaning: 'IoU and matching of the VOC numbers: each detection to its best face, once.',
    docs: detection,
  },
  {
    word: 'operating.*',
    also: ['f1.atScore', 'missRate.fppi', 'missRate.points'],
    meaning:
      'IoU and matching of F1, miss rate and operating points; atScore is the score at which errors are counted, fppi the false positives an image between which the miss rate is averaged.',
    docs: detection,
  },
  {
    word: 'wider.*',
    meaning: 'WIDER FACE scoring of data that is not WIDER FACE: its rules and order, all faces in one split.',
    docs: detection,
  },
  {
    word: 'tide.rule',
    also: ['tide.maxDetections'],
    meaning:
      'How errors by type are counted: as tidecv does, and with at most so many detections an image; absent: all, each error once.',
    docs: 'docs/errors.md',
  },
  {
    word: 'calibration.bins',
    also: ['calibration.binning'],
    meaning: 'Into how many bins scores are divided, and how.',
    docs: 'docs/errors.md',
  },
  {
    word: 'task',
    meaning: 'Verification (1:1), identification (1:N), verification in folds, or landmarks.',
    docs: ijbc,
  },
  { word: 'pairs', meaning: 'Which pairs are compared: those of the file.', docs: ijbc },
  { word: 'templateNorm', meaning: 'keep: templates as they are summed; l2: scaled to length 1.', docs: ijbc },
  {
    word: 'detectorScore',
    meaning: "use: features are weighed by the detector's score; ignore: they are not.",
    docs: ijbc,
  },
  { word: 'mediaPooling', meaning: 'How features of one medium become one: mean, then media are summed.', docs: ijbc },
  { word: 'score', meaning: 'How two templates are compared: dot product, or squared distance.', docs: ijbc },
  {
    word: 'tarRule',
    meaning: 'Which threshold stands for a FAR: nearest (as the public script), nearest-all or not-above.',
    docs: ijbc,
  },
  {
    word: 'norm',
    also: ['threshold', 'folds', 'far'],
    meaning:
      'Verification in folds: the norm of features, how the threshold of a fold is found on the others, the number of folds, the FAR of TAR.',
    docs: ijbc,
  },
  {
    word: 'extraction.*',
    meaning: 'How features were made: detector, its settings, alignment of faces, embedder.',
    docs: ijbc,
  },
  {
    word: 'points',
    also: ['pairing', 'boxes', 'bins', 'auc', 'minScore', 'pointsMadeOf'],
    meaning:
      'Landmarks: the scheme of points, how annotated and predicted faces are paired (row, image or IoU of boxes), bins, and how the area under the curve is taken.',
    docs: landmarks,
  },
  {
    word: 'normaliser',
    meaning:
      'The length of the face that errors are divided by: distance of the eyes, size of the box, or pixels (none).',
    docs: landmarks,
  },
  {
    word: 'loss',
    also: [
      'positiveIou',
      'negativeIou',
      'claimIou',
      'iouEquality',
      'takeover',
      'negativesPerPositive',
      'minimumNegatives',
      'beta',
      'landmarkDivisor',
      'variances',
      'weightBox',
      'weightClassification',
      'weightLandmark',
    ],
    meaning:
      'The training loss: from which IoU an anchor is a face or background, how many negatives are mined, the form of smooth L1, and the weights of the terms.',
    docs: 'docs/losses.md',
  },
];
