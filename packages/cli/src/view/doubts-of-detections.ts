import { createHash } from 'node:crypto';
import type { Annotations } from '@retinabench/annotations';
import {
  annotationsDigest,
  type DetectedBoxes,
  digestDetections,
  type FaceSettings,
} from '@retinabench/eval-detection';
import { formatCount, type ResultRecord } from '@retinabench/results';

/** Digits of a digest that a message shows. */
const shownDigits = 12;

/** The IoU at which a detection record is matched beside COCO's; undefined where its protocol does not say. */
export function matchingIou({ protocol }: ResultRecord): number | undefined {
  const iou = protocol['operating.iou'] ?? protocol['voc.iou'];
  return typeof iou === 'number' ? iou : undefined;
}

/**
 * Hold annotations and detections against the digests of a detection record, of which each image has one: equal counts alone do
 * not tell two detectors apart on a small set.
 *
 * @param annotations of the record's images.
 * @param detected    of these, in their order.
 * @returns what differs, in words; of a record without digests nothing.
 * Cost: as annotationsDigest and digestDetections.
 */
export function doubtsOfDetections(
  { detection, dataset, protocol }: ResultRecord,
  annotations: Annotations,
  detected: DetectedBoxes,
  { faces, iou }: { readonly faces: FaceSettings; readonly iou: number | undefined },
): string[] {
  const doubts: string[] = [];
  const recorded = dataset?.groundTruthSha256;
  const own = annotationsDigest(annotations, (bytes) => createHash('sha256').update(bytes).digest('hex'));
  if (recorded !== undefined && recorded !== own) {
    const [before, here] = [recorded, own].map((digest) => digest.slice(0, shownDigits));
    doubts.push(`annotations: SHA-256 ${before}... by the record, ${here}... here`);
  }
  if (detection?.images === undefined || iou === undefined) return doubts;
  const digests = digestDetections(annotations, detected, { faces, iou, coco: 'coco.iou' in protocol });
  const digestOf = new Map(annotations.images.map((name, image) => [name, digests[image]]));
  const { names, digests: kept } = detection.images;
  const other = names.filter((name, image) => digestOf.get(name) !== kept[image]);
  if (other.length > 0) {
    doubts.push(
      `detections or their faces differ in ${formatCount(other.length)} of ${formatCount(names.length)} images, first ${other[0]}`,
    );
  }
  return doubts;
}
