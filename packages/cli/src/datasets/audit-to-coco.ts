import type { Annotations } from '@retinabench/annotations';
import { type DetectedBoxes, type Suspicion, suspicionKinds } from '@retinabench/eval-detection';

/** Annotations with the detections of several models on the same images. */
export interface AuditedSet {
  readonly annotations: Annotations;
  /** Of each model, over the images of the annotations. */
  readonly detected: readonly DetectedBoxes[];
  /** Of the models. */
  readonly names: readonly string[];
  /** What was read. */
  readonly notes: readonly string[];
  /** Images of each set of predictions that are not annotated, and annotated ones that it lacks. */
  readonly warnings: readonly string[];
}

/**
 * Suspect annotations in COCO's form, for a tool in which they are annotated again: the images that have any, a category for
 * each kind, and beside each box how suspect it is, which detectors say so and which annotated faces it is about (indices in
 * the annotations of its image).
 */
export function auditToCoco({ annotations, names }: AuditedSet, suspicions: readonly Suspicion[]): unknown {
  const { images, sizesPx, start } = annotations;
  const suspect = [...new Set(suspicions.map(({ image }) => image))].sort((a, b) => a - b);
  return {
    info: { description: 'Annotations that detectors contradict, to be looked at' },
    images: suspect.map((image) => ({
      id: image + 1,
      file_name: images[image],
      ...(sizesPx[2 * image] > 0 ? { width: sizesPx[2 * image], height: sizesPx[2 * image + 1] } : {}),
    })),
    categories: suspicionKinds.map((name, index) => ({ id: index + 1, name })),
    annotations: suspicions.map(({ kind, image, boxXywh, score, models, faces, iou }, index) => ({
      id: index + 1,
      image_id: image + 1,
      category_id: suspicionKinds.indexOf(kind) + 1,
      bbox: [...boxXywh],
      area: boxXywh[2] * boxXywh[3],
      iscrowd: 0,
      suspicion: score,
      detectors: models.map((model) => names[model]),
      annotated: faces.map((face) => face - start[image]),
      ...(iou === undefined ? {} : { iou }),
    })),
  };
}
