import type { ErrorAnalysis } from '@retinabench/eval-detection';
import type { DetectionResult, ImageResult, ResultRecord } from '@retinabench/results';

/**
 * An analysis of errors as fields of a record.
 *
 * @param images of the record, to which the types of their detections are added; absent: the record has none.
 */
export function recordAnalysis(
  { types, ...analysis }: ErrorAnalysis,
  images?: readonly ImageResult[],
): Pick<ResultRecord, 'tide' | 'calibration' | 'operating' | 'images'> {
  if (types === undefined || images === undefined) return analysis;
  return { ...analysis, images: images.map((image, index) => ({ ...image, types: types[index] })) };
}

/** The same of a detection record: the types of its detections go to its columns of images, where it has them. */
export function recordDetectionAnalysis(
  { types, ...analysis }: ErrorAnalysis,
  detection: DetectionResult,
): Pick<ResultRecord, 'tide' | 'calibration' | 'operating' | 'detection'> {
  if (types === undefined || detection.images === undefined) return { ...analysis, detection };
  return { ...analysis, detection: { ...detection, images: { ...detection.images, types } } };
}
