import type { Annotations, AttributeColumn } from '@retinabench/annotations';
import type { ErrorAnalysis, ErrorAnalysisOptions } from '@retinabench/eval-detection';
import {
  analyseOperating,
  defaultFaceSettings,
  type JudgedDetections,
  outcomeOf,
} from '@retinabench/eval-detection/analysis';
import {
  type FaceLabel,
  labelNames,
  type MatchedPredictions,
  type ScoringProtocol,
  type WiderGroundTruth,
} from '@retinabench/eval-wider/scoring';

/** Labels by which errors are divided. */
const dividedBy: readonly FaceLabel[] = ['blur', 'occlusion', 'pose', 'illumination', 'expression'];

/**
 * Say where a detector loses accuracy on WIDER FACE, on the faces that the split `hard` counts; all others are ignored.
 * Errors are those of COCO's matching without a limit of detections, whose AP is `coco.ap50.hard` of the record;
 * calibration and operating points judge detections by the rules that the score uses.
 *
 * @param matched the matching of the score.
 * @throws as analyseErrors, which is loaded where errors by type or calibration are asked for.
 */
export async function analyseWider(
  groundTruth: WiderGroundTruth,
  matched: MatchedPredictions,
  { rules }: ScoringProtocol,
  options: ErrorAnalysisOptions,
): Promise<ErrorAnalysis> {
  const matching = `wider-${rules}`;
  const counted = 'hard';
  const detections = judged(groundTruth, matched);
  if (options.tide === undefined && options.calibration === undefined) {
    const { wanted, resampling } = options;
    const operating = analyseOperating(detections, {
      matching,
      counted,
      ...(wanted === undefined ? {} : { wanted }),
      ...(resampling === undefined ? {} : { resampling }),
    });
    return operating === undefined ? {} : { operating };
  }
  const { analyseErrors } = await import('@retinabench/eval-detection');
  const { start, boxesXywh, scores } = matched.detections;
  return analyseErrors(
    annotationsForErrors(groundTruth),
    { ranges: { first: start.subarray(0, -1), end: start.subarray(1) }, boxesXywh, scores },
    defaultFaceSettings,
    { ...options, counted, folders: 'event', judged: { matching, detections } },
  );
}

/** WIDER FACE annotations as any others: faces that the split `hard` does not count are ignored, labels are attributes. */
export function annotationsForErrors({ images, start, boxesXywh, labels, counted }: WiderGroundTruth): Annotations {
  const faces = boxesXywh.length / 4;
  let attributes: Annotations['attributes'] | undefined;
  return {
    images,
    sizesPx: new Int32Array(2 * images.length),
    start,
    boxesXywh,
    crowd: new Uint8Array(faces),
    ignored: counted.hard.map((counts) => 1 - counts),
    difficult: new Uint8Array(faces),
    // Words of every face, which only a division of the errors reads.
    get attributes() {
      attributes ??= new Map(dividedBy.map((label) => [label, wordsOf(label, labels[label])]));
      return attributes;
    },
  };
}

function wordsOf(label: FaceLabel, values: Uint8Array): AttributeColumn {
  const names = labelNames[label];
  return { kind: 'word', values: Array.from(values, (value) => names[value]) };
}

/** What the WIDER FACE rules make of each detection; images without annotated faces are not evaluated there. */
function judged(groundTruth: WiderGroundTruth, { detections, matches, ranking }: MatchedPredictions): JudgedDetections {
  const { start, scores } = detections;
  const counted = groundTruth.counted.hard;
  const outcomes = new Uint8Array(scores.length);
  const faces = new Int32Array(groundTruth.images.length);
  for (let image = 0; image < faces.length; image++) {
    const [from, to] = [groundTruth.start[image], groundTruth.start[image + 1]];
    for (let face = from; face < to; face++) faces[image] += counted[face];
    for (let index = start[image]; index < start[image + 1]; index++) {
      const face = matches.face[index];
      if (from === to || (face >= 0 && counted[face] === 0)) outcomes[index] = outcomeOf.ignored;
      else outcomes[index] = face >= 0 && matches.first[index] === 1 ? outcomeOf.hit : outcomeOf.falsePositive;
    }
  }
  return { start, scores, outcomes, faces, ...(ranking === undefined ? {} : { ranking: ranking() }) };
}
