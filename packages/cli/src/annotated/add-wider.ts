import { ProtocolError } from '@retinabench/core/basics';
import type { DetectionEvaluation } from '@retinabench/eval-detection';
import {
  type ScoringProtocol,
  scoreInfluence,
  type WiderGroundTruth,
  type WiderPredictions,
} from '@retinabench/eval-wider';
import { type DetectionImages, influenceColumn, influenceInterval } from '@retinabench/results';

const name = 'wider.ap';

/**
 * Add AP by the WIDER FACE rules to the numbers of annotated images, with its interval and what each image does to it where
 * the others have these.
 *
 * @param groundTruth the same images, in the same order.
 * @throws {ProtocolError} as scoreInfluence.
 */
export function addWider<Evaluation extends DetectionEvaluation>(
  evaluation: Evaluation,
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol,
): Evaluation {
  const scored = influenceOf(groundTruth, predictions, protocol);
  if (scored === undefined) return evaluation;
  const { influence, facesOf } = scored;
  const { detection } = evaluation;
  return {
    ...evaluation,
    protocol: { ...evaluation.protocol, 'wider.rules': 'python', 'wider.order': 'any', 'wider.faces': 'one split' },
    detection: {
      ...detection,
      values: { ...detection.values, [name]: influence.ap },
      ...(detection.interval === undefined
        ? {}
        : { interval: { ...detection.interval, [name]: influenceInterval(influence, facesOf) } }),
      ...(detection.images === undefined ? {} : { images: withColumn(detection.images, scored) }),
    },
  };
}

/** @throws {ProtocolError} as scoreInfluence, naming the flag that leaves these rules out. */
function influenceOf(
  groundTruth: WiderGroundTruth,
  predictions: WiderPredictions,
  protocol: ScoringProtocol,
): ReturnType<typeof scoreInfluence> {
  try {
    return scoreInfluence(groundTruth, predictions, protocol, 'hard');
  } catch (cause) {
    if (!(cause instanceof ProtocolError)) throw cause;
    throw new ProtocolError(
      `${cause.message}, or leave wider out of --metric: the rules of WIDER FACE alone normalise scores`,
      { cause },
    );
  }
}

/** The columns of the images with one more. */
function withColumn(
  images: DetectionImages,
  { influence, facesOf }: NonNullable<ReturnType<typeof scoreInfluence>>,
): DetectionImages {
  const isAll = images.faces.all?.every((faces, image) => faces === facesOf[image]) === true;
  return {
    ...images,
    ...(isAll ? {} : { faces: { ...images.faces, wider: [...facesOf] } }),
    influence: { ...images.influence, [name]: influenceColumn(influence, isAll ? 'all' : 'wider', facesOf) },
  };
}
