import { ProtocolError } from '@retinabench/core';
import type { ProtocolSettings } from '@retinabench/results';
import type { FaceSettings } from '../faces/treatment.js';
import type { Metric } from './metric.js';

/** Everything that changes a number of an evaluation. */
export interface DetectionSettings {
  readonly faces: FaceSettings;
  readonly metrics: readonly Metric[];
  /** Detections of an image that count in COCO's numbers, ascending; AP takes the last. */
  readonly maxDets: readonly number[];
  /** IoU of VOC, of F1 and of the miss rate, and of breakdowns. */
  readonly iou: number;
  /** Score at which errors are counted beside the best F1. */
  readonly atScore: number;
}

/**
 * The settings as a protocol, whose id they give: those of the metrics that are computed.
 *
 * @throws {ProtocolError} if the IoU is not above 0 and at most 1, or a limit of detections is not whole and ascending.
 */
export function detectionProtocol({ faces, metrics, maxDets, iou, atScore }: DetectionSettings): ProtocolSettings {
  if (!(iou > 0 && iou <= 1)) throw new ProtocolError(`IoU: expected above 0 and at most 1, got ${iou}`);
  if (maxDets.length === 0 || !maxDets.every((most, at) => Number.isInteger(most) && most > (maxDets[at - 1] ?? 0))) {
    throw new ProtocolError(
      `detections per image: expected whole numbers above 0 that ascend, such as 1,10,100, got ${maxDets.join(',')}`,
    );
  }
  const has = (metric: Metric): boolean => metrics.includes(metric);
  return {
    evaluation: 'detection',
    'faces.crowd': faces.crowd,
    'faces.ignored': faces.ignored,
    'faces.difficult': faces.difficult,
    'faces.minSizePx': faces.minSizePx,
    'faces.withoutArea': faces.facesWithoutArea,
    ...(has('coco')
      ? {
          'coco.iou': '0.50:0.05:0.95',
          'coco.recalls': 101,
          'coco.maxDets': [...maxDets],
          'coco.areasPx': [32 ** 2, 96 ** 2],
        }
      : {}),
    ...(has('voc') ? { 'voc.iou': iou, 'voc.matching': 'best face, once' } : {}),
    ...(has('f1') || has('fppi') ? { 'operating.iou': iou, 'operating.matching': 'best free face' } : {}),
    ...(has('f1') ? { 'f1.atScore': atScore } : {}),
    ...(has('fppi') ? { 'missRate.fppi': [0.01, 1], 'missRate.points': 9 } : {}),
  };
}
