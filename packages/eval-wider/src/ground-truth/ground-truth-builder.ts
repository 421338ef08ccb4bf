import { splits } from '@retinabench/results';
import {
  type AnnotatedFace,
  type AnnotatedImage,
  checkedBox,
  checkedLabel,
  checkedLandmarks,
  emptyGroundTruth,
  whereIs,
} from './build.js';
import { faceLabels, type WiderGroundTruth } from './ground-truth.js';

/** Labels of a face, and the splits that count it, as bytes in a row. */
const bytesOfFace = faceLabels.length + splits.length;

/**
 * Puts annotations into flat arrays image by image, so that a data set of any size is held once and in few bytes: 41 a face, 80
 * more where it has landmarks, and twice that while it is put together.
 */
export class GroundTruthBuilder {
  readonly #place: string;
  readonly #names: string[] = [];
  readonly #faceCounts: number[] = [];
  readonly #landmarks = new Map<number, readonly number[]>();
  #boxesXywh = new Float64Array(4096);
  #bytes = new Uint8Array(1024 * bytesOfFace);
  #faces = 0;

  /** @param place where the annotations come from, for messages. */
  constructor(place: string) {
    this.#place = place;
  }

  /** Add an image with all its faces. @throws as `addFace`. */
  add({ name, faces }: AnnotatedImage): void {
    this.openImage(name);
    for (const face of faces) this.addFace(face);
  }

  /** Begin an image, `<event>/<image>`; faces that follow are its own. */
  openImage(name: string): void {
    this.#names.push(name);
    this.#faceCounts.push(0);
  }

  /** Add a face to the last image. @throws {DatasetError} if a coordinate is not finite or a label has no meaning. */
  addFace(face: AnnotatedFace): void {
    const image = this.#names.length - 1;
    const position = this.#faceCounts[image]++;
    const row = this.#faces++;
    this.#reserve(this.#faces);
    const where = (): string => whereIs(this.#place, this.#names[image], position);
    this.#boxesXywh.set(checkedBox(face.box, where), 4 * row);
    if (face.landmarks !== undefined) this.#landmarks.set(row, checkedLandmarks(face.landmarks, where));
    const at = row * bytesOfFace;
    faceLabels.forEach((label, index) => {
      this.#bytes[at + index] = checkedLabel(label, face.labels[label], where);
    });
    splits.forEach((split, index) => {
      this.#bytes[at + faceLabels.length + index] = face.splits.includes(split) ? 1 : 0;
    });
  }

  /** @throws {DatasetError} if there is no image, or a name occurs twice or is not `<event>/<image>`. */
  build(): WiderGroundTruth {
    const groundTruth = emptyGroundTruth(this.#names, this.#faceCounts, this.#place);
    const { boxesXywh, labels, counted } = groundTruth;
    boxesXywh.set(this.#boxesXywh.subarray(0, boxesXywh.length));
    faceLabels.forEach((label, index) => {
      this.#take(labels[label], index);
    });
    splits.forEach((split, index) => {
      this.#take(counted[split], faceLabels.length + index);
    });
    return this.#landmarks.size === 0 ? groundTruth : { ...groundTruth, landmarks: this.#takeLandmarks() };
  }

  #takeLandmarks(): Float64Array {
    const landmarks = new Float64Array(10 * this.#faces).fill(-1);
    for (const [row, points] of this.#landmarks) landmarks.set(points, 10 * row);
    return landmarks;
  }

  #take(into: Uint8Array, column: number): void {
    for (let row = 0; row < into.length; row++) into[row] = this.#bytes[row * bytesOfFace + column];
  }

  #reserve(faces: number): void {
    if (4 * faces <= this.#boxesXywh.length) return;
    const length = Math.max(faces, Math.ceil((1.5 * this.#boxesXywh.length) / 4));
    const boxes = new Float64Array(4 * length);
    boxes.set(this.#boxesXywh);
    this.#boxesXywh = boxes;
    const bytes = new Uint8Array(length * bytesOfFace);
    bytes.set(this.#bytes);
    this.#bytes = bytes;
  }
}
