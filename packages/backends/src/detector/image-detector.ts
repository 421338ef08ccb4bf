import type { RgbImage } from '../image/image.js';
import type { Detections } from './detections.js';
import type { StageTimes } from './face-detector.js';

/** A detector, wherever it runs: in this process (`FaceDetector`) or in a browser. Calls wait for each other. */
export interface ImageDetector {
  /**
   * Find the faces of one image.
   *
   * @param times receives the time of each stage, added to what it holds: by the clock of where the detector runs, without
   * the way there.
   * @throws {ShapeError}, {ModelError}, {BackendError} as `FaceDetector`.
   */
  detect(image: RgbImage, times?: StageTimes): Promise<Detections>;
  /**
   * Decode a file where the detector runs, and find its faces; absent where that is this process.
   *
   * @param place the file's name, for messages.
   * @throws {DatasetError} if it does not decode.
   */
  detectFile?(file: Uint8Array, place: string, times?: StageTimes): Promise<FileDetections>;
}

/** What was found in a file that was decoded where the detector runs. */
export interface FileDetections {
  readonly detections: Detections;
  /** Of the decoded image. */
  readonly widthPx: number;
  readonly heightPx: number;
}
