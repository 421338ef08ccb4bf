/**
 * What becomes of a face that an annotation flags: `count` it like any other; `ignore` it: neither missed nor false when
 * found, by IoU, once; `crowd`: the same for any number of detections, by the share of the detection that lies in it;
 * `drop` it as if it had not been annotated.
 */
export type Treatment = 'count' | 'ignore' | 'crowd' | 'drop';

/** All treatments, for flags. */
export const treatments: readonly Treatment[] = ['count', 'ignore', 'crowd', 'drop'];

/** Which faces count; every field is a setting of the protocol. */
export interface FaceSettings {
  /** Of faces that the annotation flags as a crowd (`iscrowd`). */
  readonly crowd: Treatment;
  /** Of faces that it says shall not count (`ignore`). */
  readonly ignored: Treatment;
  /** Of faces that it calls difficult. */
  readonly difficult: Treatment;
  /** Faces whose shorter side is less are ignored, and so are detections that are as small and find no face. */
  readonly minSizePx: number;
  /** Whether faces of width or height 0, which nothing can find, count. */
  readonly facesWithoutArea: 'counted' | 'ignored';
}

/** Crowds as COCO takes them, flagged faces ignored, every size. */
export const defaultFaceSettings: FaceSettings = {
  crowd: 'crowd',
  ignored: 'ignore',
  difficult: 'ignore',
  minSizePx: 0,
  facesWithoutArea: 'counted',
};
