import type { Word } from '../word.js';

const wider = 'docs/wider-protocol.md';
const intervals = 'docs/intervals.md';
const report = 'docs/report.md';

/** Numbers of records and marks of tables. */
export const resultWords: readonly Word[] = [
  {
    word: 'found',
    also: ['truePositives', 'true positives'],
    meaning:
      'Counted faces of the split that a detection reaches at the IoU of the protocol, over all scores down to the lowest: the most that any threshold finds. It is no recall at a score of your choice.',
    docs: wider,
  },
  {
    word: 'proposals',
    meaning:
      'Detections that count in a split at the lowest threshold: all but those that lie on faces which the split ignores. found / proposals is the precision at that threshold, at the far end of the curve.',
    docs: wider,
  },
  {
    word: 'faces',
    also: ['counted'],
    meaning:
      'Annotated faces that the split counts. Others are ignored: a detection on one is neither a hit nor a false positive.',
    docs: wider,
  },
  {
    word: 'counts',
    meaning: 'Per split: true positives, proposals and counted faces at the lowest threshold.',
    docs: wider,
  },
  {
    word: 'ap',
    also: ['ap.easy', 'ap.medium', 'ap.hard', 'AP', 'AP easy', 'AP medium', 'AP hard', 'easy', 'medium', 'hard'],
    meaning:
      'Average precision: the area under precision against recall, 0 to 1, as WIDER FACE computes it at IoU 0.5. The splits are nested: easy has large clear faces, medium adds smaller ones, hard all that count.',
    docs: wider,
  },
  {
    word: 'interval',
    also: ['95 %', '95 % interval'],
    meaning:
      'Where the number would lie on other images like these, 95 times in 100. The interval of a difference is paired: both detectors on the same images, so that hard images hit both.',
    docs: intervals,
  },
  {
    word: 'detection.*',
    also: ['ap50', 'ap75', 'apSmall', 'apMedium', 'apLarge', 'f1', 'missRate', 'uncapped.ap50'],
    meaning:
      "Numbers on any annotated images: ap is COCO's mean over IoU 0.50 to 0.95, ap50 and ap75 at one IoU, apSmall/Medium/Large by area, f1 the best harmonic mean of precision and recall, missRate the log-average miss rate at 0.01 to 1 false positive an image.",
    docs: 'docs/detection-metrics.md',
  },
  {
    word: 'tide.*',
    also: ['localisation', 'missed', 'background', 'duplicate'],
    meaning:
      'What one type of error costs in AP: the AP that would be gained if it alone were put right. The types do not add up to what is missing.',
    docs: 'docs/errors.md',
  },
  {
    word: 'calibration.*',
    also: ['ece', 'brier', 'mce'],
    meaning:
      'Whether scores are probabilities: ece is the mean distance between score and share of detections that are right, by bin; brier the mean squared error of the scores. Lower is better.',
    docs: 'docs/errors.md',
  },
  {
    word: 'landmarks.*',
    also: ['nme', 'NME', 'failureRate', 'auc', 'errorPx'],
    meaning:
      'nme is the mean distance of the points from the annotated ones, as a share of a length of the face (the normaliser); failureRate.T the share of faces above T, auc.T the area under the curve of errors up to T. errorPx is in pixels.',
    docs: 'docs/landmarks.md',
  },
  {
    word: 'tar.*',
    also: ['tar.1e-4', 'TAR', 'achievedFar', 'unresolved'],
    meaning:
      'True acceptance rate: the share of genuine pairs accepted at a threshold at which that share of impostor pairs (FAR) is. Fewer than 10 impostor pairs at the threshold leave it unresolved: the number says little.',
    docs: 'docs/ijbc-protocol.md',
  },
  {
    word: 'rank.*',
    also: ['rank', 'rank.1', 'tpir', 'tpir.0.01', 'fpir'],
    meaning:
      'Identification: rank.k is the share of probes whose subject is among the k best of the gallery; tpir.F the share found above the threshold at which a share F of probes of nobody enrolled is accepted.',
    docs: 'docs/ijbc-protocol.md',
  },
  {
    word: 'latency.*',
    also: [
      'latency.total',
      'latencyMs',
      'median',
      'p95',
      'p10',
      'mad',
      'MAD',
      'infer',
      'decode',
      'postprocess',
      'total',
    ],
    meaning:
      'Milliseconds an image, by stage: decode the file, resize, infer the network, postprocess its outputs, total around all. median and p95 are quantiles, p10 what it takes undisturbed, mad the median distance from the median. Two runs prove nothing about speed: gate --latency compares both in turns.',
    docs: 'docs/performance.md',
  },
  {
    word: 'ratioToFirst',
    also: ['over the first', 'loadOfOthers', 'disturbed', 'cannot be told apart'],
    meaning:
      'How many times as long a configuration of bench takes as the first of its size, by rounds in which both ran, with a 95 % interval. It gets a rank only where it is told apart from every other. A round is disturbed where other programs took more than 10 % of the processors (loadOfOthers).',
    docs: 'docs/performance.md',
  },
  {
    word: 'detectTiming',
    also: ['latency.detect', 'while evaluating'],
    meaning:
      'How latencyMs.detect was measured: while images were evaluated, with so many workers at once, some of it perhaps by an earlier run. It is no bench: bench measures a detector alone.',
    docs: 'docs/performance.md',
  },
  {
    word: 'server.*',
    also: [
      'server.queriesPerSecond',
      'server.late',
      'queries/s',
      'stream.frames',
      'stream.late',
      'stream.dropped',
      'p99',
    ],
    meaning:
      'bench --scenario server: the highest rate of Poisson arrivals at which 99 % of the queries hold the bound, and how many did not. stream: frames of a camera; late took longer than a frame, dropped came while another was worked on.',
    docs: 'docs/performance.md',
  },
  {
    word: 'memory.peak',
    also: ['memoryPeakBytes', 'peak MB'],
    meaning: 'Most memory that the process held, in bytes: one configuration a process under bench.',
    docs: 'docs/performance.md',
  },
  {
    word: 'parity',
    also: ['within tolerance', 'past tolerance', 'unmatched'],
    meaning:
      'How far a backend lies from the reference backend on one model: the largest difference of raw outputs, scores and boxes, and detections that only one of both has (unmatched). Past the tolerance of the backend it is a fault or another rounding that moves boxes.',
    docs: 'docs/backends.md',
  },
  {
    word: 'better',
    also: ['worse', 'uncertain', 'not told apart', 'same', 'not comparable', 'Holm', 'mark'],
    meaning:
      'Marks of a difference. better, worse: its 95 % interval leaves out zero, and it stays so among all numbers of the table (Holm). uncertain: by itself, not among so many. not told apart: the interval holds zero; more images may tell. not comparable: another protocol, data set or machine.',
    docs: report,
  },
  {
    word: 'Pareto',
    also: ['Pareto front'],
    meaning: 'No other row is faster without losing accuracy, nor more accurate without taking longer.',
    docs: report,
  },
  {
    word: 'protocol',
    also: ['protocol id', 'id'],
    meaning:
      'All settings that change the number, and the first 12 digits of their hash. Two numbers of different ids do not measure the same thing.',
    docs: wider,
  },
  {
    word: 'data set',
    also: ['dataset', 'dataset.sha256', 'mini', 'wider-val', 'wider-val-part', 'wider-val-altered'],
    meaning:
      'The images and annotations, by the hash of their content. mini is embedded and not WIDER FACE; a part of WIDER FACE is named as one, and its numbers are of that part alone.',
    docs: 'docs/datasets.md',
  },
  {
    word: 'few-images',
    meaning:
      'Warning of a record of fewer than 200 images: its 95 % intervals hold the truth less often than they say, since what befalls up to 3 of n images need not show among n. Evaluate 200 images or more.',
    docs: 'docs/intervals.md',
  },
  {
    word: 'score-map-model-unknown',
    meaning:
      'Warning: the map of the scores, or the predictions, do not say of which model they are, and a map fits one model alone. calibrate --model says it.',
    docs: 'docs/errors.md',
  },
  {
    word: 'score-map-not-held-out',
    meaning:
      'Warning: images that a map of the scores was fitted on are among those evaluated, so that calibration and thresholds look better than they are elsewhere. Evaluate other images.',
    docs: 'docs/errors.md',
  },
  {
    word: 'score-map-other-settings',
    meaning:
      'Warning: the map of the scores was fitted under other settings of the detector or on another backend; each is named. Fit it again under these.',
    docs: 'docs/errors.md',
  },
];
