import type { Word } from '../word.js';

const metrics = 'docs/detection-metrics.md';
const landmarks = 'docs/landmarks.md';
const verification = 'docs/ijbc-protocol.md';
const errors = 'docs/errors.md';
const gates = 'docs/gates.md';

/** Words that tables print and annotations hold, and that no key of a record explains. */
export const tableWords: readonly Word[] = [
  {
    word: 'ar',
    also: ['AR', 'ar1', 'ar10', 'ar100', 'uncapped.ar', 'arSmall', 'arMedium', 'arLarge'],
    meaning:
      'Average recall of COCO: the share of faces found, mean over IoU 0.50 to 0.95, with that many detections of an image at most; Small, Medium and Large are faces up to 32 x 32, up to 96 x 96 and larger pixels.',
    docs: metrics,
  },
  {
    word: 'uncapped',
    also: ['uncapped.ap', 'uncapped.ap75'],
    meaning: "COCO's number with all detections of an image, where the usual one takes the 100 best.",
    docs: metrics,
  },
  {
    word: 'fppi',
    also: ['FPPI', 'false positives an image'],
    meaning: 'False positives over all images, those without faces included.',
    docs: metrics,
  },
  {
    word: 'iscrowd',
    also: ['ignore'],
    meaning:
      'Flags of an annotated face. iscrowd: any number of detections may lie on it, by their own area; ignore: a detection on it is neither hit nor false positive. --crowd and --ignored choose what becomes of them.',
    docs: metrics,
  },
  {
    word: 'AP@[.5:.95]',
    also: ['coco.ap.easy', 'coco.ap.medium', 'coco.ap.hard'],
    meaning: "COCO's AP, mean over IoU 0.50 to 0.95, of the faces that a split of WIDER FACE counts.",
    docs: 'docs/wider-protocol.md',
  },
  {
    word: 'Brier score',
    meaning: 'Mean squared distance of the scores from what became of the detections, 1 or 0. Lower is better.',
    docs: errors,
  },
  {
    word: 'temperature',
    also: ['isotonic', 'fitted scores'],
    meaning:
      'Maps from scores to precision. temperature divides the logit of a score by one number; isotonic is any map that never falls. Each is measured on images that it was not fitted on.',
    docs: errors,
  },
  {
    word: 'matched only',
    also: ['matchedOnly'],
    meaning:
      'Landmarks of the faces that a prediction matches; a detector that finds easy faces alone looks better in it.',
    docs: landmarks,
  },
  {
    word: 'misses as failures',
    also: ['missesAsFailures', 'nmeWithMissesAsOne', 'deviation', 'FR', 'CED'],
    meaning:
      'Landmarks of all annotated faces: a missed one has an infinite error, fails every threshold (FR, failure rate) and has no part in the mean, nor in its deviation; nmeWithMissesAsOne counts it as an error of 1. CED: the share of faces up to each error.',
    docs: landmarks,
  },
  {
    word: 'FNMR',
    also: ['FMR', 'fnmr', 'fmr'],
    meaning:
      'Errors of verification at one threshold: the share of genuine pairs that are refused, of impostor pairs that are accepted. By group they stand at the thresholds that all pairs decide.',
    docs: verification,
  },
  {
    word: 'EER',
    also: ['eer', 'equal error rate'],
    meaning:
      'The error of verification at the threshold at which as large a share of genuine pairs is refused as of impostors is accepted.',
    docs: verification,
  },
  {
    word: 'folds',
    also: ['accuracy', 'folds.accuracy', 'folds.tar', 'threshold at FAR'],
    meaning:
      'Verification in folds, as LFW is reported: each fold is judged at the threshold that is best on all others. accuracy is the share of pairs judged rightly, mean over the folds.',
    docs: verification,
  },
  {
    word: 'images tell',
    also: ['repetitions tell', 'pairs tell', 'folds tell', 'would tell'],
    meaning:
      'How many images, or other units, it would take to tell a difference as large as it looks from none: so that its 95 % interval leaves out zero.',
    docs: 'docs/report.md',
  },
  {
    word: 'to the first',
    also: ['to clean', 'of that, paired'],
    meaning:
      'Of a matrix: the difference to the first row, or to the images as they are, and its 95 % interval over the same images.',
    docs: 'docs/matrix.md',
  },
  {
    word: 'positives',
    also: ['classification'],
    meaning:
      'Of the loss: anchors that an annotated face claims. classification is the cross-entropy over them and the negatives mined beside them; box and landmark are over the positives.',
    docs: 'docs/losses.md',
  },
  {
    word: 'maxDrop',
    also: ['maxRise', 'maxIncrease', 'min', 'max'],
    meaning:
      'Bounds of a rule of gates.json. min and max hold the number itself, under the conditions of the baseline; maxDrop and maxRise its difference, in the unit of the number (0.002 is 0.2 points); maxIncrease a fraction of the number of the baseline.',
    docs: gates,
  },
  {
    word: 'verdict',
    also: ['level', 'check', 'expected', 'actual'],
    meaning:
      'Of a gate: what a rule says of the record. check is the bound, expected what it asks, actual what the records have. A rule of level error that fails makes the gate exit with 1, one of level warn is only said.',
    docs: gates,
  },
  {
    word: 'doubtful',
    meaning:
      'Of annotations and predictions that are read: what may be damage, a last row that may be cut, and is scored all the same.',
    docs: 'docs/annotations.md',
  },
  {
    word: 'resumed',
    also: ['fresh'],
    meaning:
      'Images that an earlier run of the same settings, model and code finished, and whose bytes are the same, are not detected again; --fresh does.',
    docs: 'docs/wider-protocol.md',
  },
];
