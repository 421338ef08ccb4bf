import type { CardDefaults } from '../card/card.js';
import type { ComposedDecoder } from '../card/composed.js';

/** Detectors that are told apart by how their boxes are written. */
export type Family =
  | 'RetinaFace'
  | 'RetinaFace (MXNet)'
  | 'SCRFD'
  | 'YuNet'
  | 'UltraFace'
  | 'FaceBoxes'
  | 'S3FD'
  | 'BlazeFace'
  | 'BlazeFace (MediaPipe)'
  | 'YOLOv5-face'
  | 'YOLOv8-face'
  | 'CenterFace'
  | 'decoded boxes';

/** One reading of a network's outputs. */
export interface DecoderDraft {
  readonly family: Family;
  /** The choices that the reading makes, in words, by name. */
  readonly choices: Readonly<Record<string, string>>;
  readonly decoder: ComposedDecoder;
}

/** Suppression under which a family is published. */
export function familyDefaults(family: Family): CardDefaults {
  switch (family) {
    case 'RetinaFace':
    case 'RetinaFace (MXNet)':
    case 'SCRFD':
      return { scoreFloor: 0.02, nmsIou: 0.4 };
    case 'YuNet':
      return { scoreFloor: 0.02, nmsIou: 0.45, nmsConvention: 'continuous' };
    case 'BlazeFace':
    case 'FaceBoxes':
    case 'S3FD':
      return { scoreFloor: 0.02, nmsIou: 0.3 };
    case 'UltraFace':
    case 'BlazeFace (MediaPipe)':
    case 'CenterFace':
      return { scoreFloor: 0.02, nmsIou: 0.3, nmsConvention: 'continuous' };
    case 'YOLOv5-face':
    case 'YOLOv8-face':
    case 'decoded boxes':
      return { scoreFloor: 0.02, nmsIou: 0.5, nmsConvention: 'continuous' };
  }
}
