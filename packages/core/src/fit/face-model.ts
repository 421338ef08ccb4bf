import type { MeshDecoder } from '../mesh/decoder.js';

/** The decoder of a face with what a fit needs to know of its mesh. */
export interface FaceModel {
  readonly decoder: MeshDecoder;
  readonly triangles: Uint32Array;
  /** Vertices of the five landmarks, in the detector's order. */
  readonly landmarks: readonly number[];
}
