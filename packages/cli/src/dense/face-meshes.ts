import {
  DenseFaceReader,
  type FaceModel,
  facePoints68,
  isRetinaBenchError,
  mirrored68,
  splitDense,
} from '@retinabench/core';
import { isDoubtful } from './doubtful.js';
import type { DrawnFace } from './draw-meshes.js';

/** What the dense head gave for a face. */
export interface DenseNumbers {
  /** [144]: P_ST, P_cam, P_ill. */
  readonly parameters: readonly number[];
  /** (x1, y1, x2, y2) of the square that the camera looks at before its turn, in pixels of the image; x1 > x2: seen mirrored. */
  readonly squareXyxy: readonly number[];
  /** Its clockwise turn in the image, radians. */
  readonly roll: number;
}

/** A face with what the dense head gave for it. */
export interface DenseFound {
  readonly boxXywh: readonly number[];
  /** Five points (x, y), pixels of the image. */
  readonly landmarks?: readonly (readonly [x: number, y: number])[];
  readonly dense?: DenseNumbers;
}

/** The mesh of a face in its image. */
export interface FaceMesh extends DrawnFace {
  /** The 68 points of 300-W on the mesh, pixels of the image, point 0 at the left of it. */
  readonly points68: readonly (readonly [x: number, y: number])[];
  /** Mean distance of the mesh's five landmarks from the detected ones, pixels. */
  readonly landmarkErrorPx: number;
  /** The same as a share of sqrt(w h) of the box. */
  readonly landmarkErrorShare: number;
  readonly doubtful: boolean;
}

/** Why there is no mesh of a face. */
export interface LostMesh {
  readonly lost: string;
}

/** Which of the five landmarks of a mirrored face becomes which: names are as seen in the image. */
const mirroredLandmarks: readonly number[] = [1, 0, 2, 4, 3];

/** Side of the raster that reading a face makes, in pixels: only its vertices are asked for. */
const rasterPx = 16;

/** Makes meshes of what a dense head gives. Holds its work space; not re-entrant. */
export class FaceMeshes {
  readonly model: FaceModel;
  readonly #reader: DenseFaceReader;

  constructor(model: FaceModel) {
    this.model = model;
    this.#reader = new DenseFaceReader(model.decoder, model.triangles, rasterPx);
  }

  /** The mesh of a face, or why there is none; undefined for a face for which no dense head gave anything. */
  of({ boxXywh: [, , width, height], landmarks, dense }: DenseFound): FaceMesh | LostMesh | undefined {
    if (dense === undefined || landmarks === undefined) return undefined;
    const { squareXyxy, roll } = dense;
    const [x1, y1, x2, y2] = squareXyxy;
    const parameters = Float32Array.from(dense.parameters);
    const mirrored = x1 > x2;
    let places: Float32Array;
    try {
      places = this.#reader.read(parameters, squareXyxy, roll).verticesPx;
    } catch (error) {
      if (!isRetinaBenchError(error)) throw error;
      return { lost: error.message };
    }
    const pointsOf = (vertices: readonly number[], order: readonly number[]): (readonly [number, number])[] =>
      vertices.map((_, at) => {
        const vertex = vertices[mirrored ? order[at] : at];
        return [places[vertex * 2], places[vertex * 2 + 1]];
      });
    const distances = pointsOf(this.model.landmarks, mirroredLandmarks).map(([x, y], at) =>
      Math.hypot(x - landmarks[at][0], y - landmarks[at][1]),
    );
    const points68 = pointsOf(facePoints68, mirrored68);
    if (![...distances, ...points68.flat()].every(Number.isFinite)) return { lost: 'its camera stands in the face' };
    const landmarkErrorPx = distances.reduce((sum, distance) => sum + distance, 0) / distances.length;
    const landmarkErrorShare = landmarkErrorPx / Math.sqrt(width * height);
    const frame = { centreX: (x1 + x2) / 2, centreY: (y1 + y2) / 2, sidePx: y2 - y1, roll };
    return {
      ...splitDense(parameters),
      frame,
      points68,
      landmarkErrorPx,
      landmarkErrorShare,
      doubtful: isDoubtful(landmarkErrorShare),
      ...(mirrored ? { mirrored } : {}),
    };
  }
}
