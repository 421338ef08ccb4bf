import { DatasetError, parseObj, type TriangleMesh } from '@retinabench/core';

/** The morphable head that the decoder learns: a neutral mesh and linear offsets of it. */
export interface HeadModel {
  readonly neutral: TriangleMesh;
  /** One Float32Array [n, 3] for each name, in the units of the neutral mesh. */
  readonly offsets: readonly Float32Array[];
  readonly names: readonly string[];
}

/**
 * The head model from its three files.
 *
 * @param obj   neutral mesh.
 * @param npy   offsets [names, n, 3], float32, C order.
 * @param names one a line.
 * @throws {DatasetError} if the files do not fit each other.
 */
export function readHeadModel(obj: string, npy: Uint8Array, names: string): HeadModel {
  const neutral = parseObj(obj, 'ict-neutral.obj');
  const list = names.trim().split(/\s+/);
  const length = neutral.positions.length;
  const headerLength = npy.length > 10 ? new DataView(npy.buffer, npy.byteOffset).getUint16(8, true) : 0;
  const header = new TextDecoder('latin1').decode(npy.subarray(10, 10 + headerLength));
  const bytes = new Uint8Array(npy.subarray(10 + headerLength));
  if (!header.includes("'<f4'") || !header.includes('False') || bytes.length !== list.length * length * 4) {
    throw new DatasetError(
      `ict-morphs.npy: expected float32 offsets [${list.length}, ${length / 3}, 3] in C order, got header ${header.trim()} and ${bytes.length} bytes; take the files of one version`,
    );
  }
  const values = new Float32Array(bytes.buffer);
  return {
    neutral,
    names: list,
    offsets: list.map((_, index) => values.subarray(index * length, (index + 1) * length)),
  };
}

/**
 * The part of the head that a face detector's box shows, as one mesh: the skin in front of the ears from the hairline to
 * below the chin with the mouth's inside, and the front halves of the eyeballs.
 *
 * @returns the mesh and, for each of its vertices, the index in the head.
 */
export function faceRegion(model: HeadModel): { readonly mesh: TriangleMesh; readonly source: Uint32Array } {
  const { positions, triangles } = model.neutral;
  const inside = (vertex: number): boolean => {
    const [y, z] = [positions[vertex * 3 + 1], positions[vertex * 3 + 2]];
    if (vertex <= lastSkinVertex) return z > 2 && y > -9.4 && y < 10.6;
    return eyeballs.some(([first, last]) => vertex >= first && vertex <= last) && z > 7.2;
  };
  const faces: number[] = [];
  for (let at = 0; at < triangles.length; at += 3) {
    const corners = [triangles[at], triangles[at + 1], triangles[at + 2]];
    if (corners.every(inside)) faces.push(...corners);
  }
  const source = [...new Set(faces)].sort((a, b) => a - b);
  const indexOf = new Map(source.map((vertex, index) => [vertex, index]));
  return {
    mesh: {
      positions: Float32Array.from(source.flatMap((vertex) => [...positions.subarray(vertex * 3, vertex * 3 + 3)])),
      triangles: Uint32Array.from(faces, (vertex) => indexOf.get(vertex) as number),
    },
    source: Uint32Array.from(source),
  };
}

/** Whether a vertex of the head is of an eyeball, rather than skin. */
export function isEyeball(vertex: number): boolean {
  return vertex > lastSkinVertex;
}

/** Last vertex of the skin in ICT-FaceKit's numbering. */
const lastSkinVertex = 14061;

/** Outer surface of the eyeballs, cornea included. */
const eyeballs = [
  [21451, 22220],
  [23021, 23790],
] as const;
