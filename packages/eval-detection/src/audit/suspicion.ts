/** Why an annotation may be wrong. */
export const suspicionKinds = ['unannotated', 'never-found', 'repeated'] as const;
export type SuspicionKind = (typeof suspicionKinds)[number];

/** One place of an image where the annotation may be wrong. */
export interface Suspicion {
  readonly kind: SuspicionKind;
  /** Index of the image in the annotations. */
  readonly image: number;
  /** (x, y, w, h), pixels. Of `unannotated`: of the surest detection; else of the annotated face. */
  readonly boxXywh: readonly [number, number, number, number];
  /** Within its kind the higher the more suspect: see the function that gives it. */
  readonly score: number;
  /** Indices of the models that say so. */
  readonly models: readonly number[];
  /** Annotated faces that it is about. */
  readonly faces: readonly number[];
  /** Of `never-found` and `repeated`: the highest IoU with a detection, or of the two faces. */
  readonly iou?: number;
}

/** What counts as suspect. */
export interface AuditSettings {
  /** A detection is sure where at least this share of the model's detections of its score find a face. */
  readonly sure: number;
  /** So many models have to be sure of a face that is not annotated. */
  readonly models: number;
  /** IoU below which a detection is on no annotated face, and from which it finds one. */
  readonly background: number;
  readonly foreground: number;
  /** IoU from which two annotated faces are one. */
  readonly repeated: number;
}
