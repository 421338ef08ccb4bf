import { DatasetError } from '../errors.js';
import type { TriangleMesh } from './triangle-mesh.js';

/**
 * Read a Wavefront .obj: `v x y z [r g b]` and `f` with three or more corners (`i`, `i/t`, `i//n`, `i/t/n`, negative
 * indices count from the end). Polygons become fans of triangles around their first corner, exact for convex ones.
 * Texture coordinates, normals, groups and materials are skipped, as is any statement of an unknown kind.
 *
 * @param text  the content of the file.
 * @param place its name, for messages.
 * @returns positions as written, 0-based triangles in file order, and colours if every vertex has one.
 * @throws {DatasetError} with the line, if a number is missing or not finite, a face has fewer than three corners,
 * repeats a corner or names a vertex that does not exist, or if the file holds no vertex or no face.
 * Cost: O(length of text).
 */
export function parseObj(text: string, place: string): TriangleMesh {
  const reader = {
    place,
    positions: [] as number[],
    colours: [] as number[],
    corners: [] as number[][],
    lines: [] as number[],
  };
  let line = 0;
  let pending = '';
  for (const raw of text.split(/\r\n|\n|\r/)) {
    line++;
    if (raw.endsWith('\\')) {
      pending += `${raw.slice(0, -1)} `;
      continue;
    }
    const words = (pending + raw).replace(/#.*$/, '').trim().split(/\s+/);
    pending = '';
    if (words[0] === 'v') readVertex(reader, words, line);
    else if (words[0] === 'f') readFace(reader, words, line);
  }
  const vertexCount = reader.positions.length / 3;
  if (vertexCount === 0 || reader.corners.length === 0) {
    throw new DatasetError(
      `${place}: expected a Wavefront .obj with vertices (v) and faces (f), got ${vertexCount} vertices and ${reader.corners.length} faces; check that it is the right file`,
    );
  }
  const colours = reader.colours.length === reader.positions.length ? Float32Array.from(reader.colours) : undefined;
  return {
    positions: Float32Array.from(reader.positions),
    triangles: fanTriangles(reader, vertexCount),
    ...(colours && { colours }),
  };
}

interface Reader {
  readonly place: string;
  readonly positions: number[];
  readonly colours: number[];
  readonly corners: number[][];
  readonly lines: number[];
}

function readVertex(reader: Reader, words: readonly string[], line: number): void {
  const numbers = words.slice(1).map(Number);
  const withColour = numbers.length >= 6;
  if (
    numbers.length < 3 ||
    !numbers.slice(0, withColour ? 6 : 3).every((value) => Number.isFinite(Math.fround(value)))
  ) {
    throw new DatasetError(
      `${reader.place}:${line}: expected "v x y z" with finite numbers, got "${words.join(' ').slice(0, 60)}"; repair or export the mesh again`,
    );
  }
  reader.positions.push(numbers[0], numbers[1], numbers[2]);
  if (withColour) reader.colours.push(numbers[3], numbers[4], numbers[5]);
}

function readFace(reader: Reader, words: readonly string[], line: number): void {
  const defined = reader.positions.length / 3;
  const corners = words.slice(1).map((word) => {
    const written = Number(word.split('/', 1)[0]);
    const index = written < 0 ? defined + written : written - 1;
    if (!Number.isInteger(written) || index < 0) {
      throw new DatasetError(
        `${reader.place}:${line}: expected vertex indices from 1, or from -1 to -${defined}, got "${word.slice(0, 30)}"; repair or export the mesh again`,
      );
    }
    return index;
  });
  if (corners.length < 3 || new Set(corners).size !== corners.length) {
    throw new DatasetError(
      `${reader.place}:${line}: expected a face of at least three different corners, got "${words.join(' ').slice(0, 60)}"; remove the face or export the mesh again`,
    );
  }
  reader.corners.push(corners);
  reader.lines.push(line);
}

function fanTriangles(reader: Reader, vertexCount: number): Uint32Array {
  const triangles = new Uint32Array(3 * reader.corners.reduce((sum, face) => sum + face.length - 2, 0));
  let at = 0;
  reader.corners.forEach((face, index) => {
    const largest = face.reduce((most, vertex) => Math.max(most, vertex));
    if (largest >= vertexCount) {
      throw new DatasetError(
        `${reader.place}:${reader.lines[index]}: expected vertex indices up to ${vertexCount}, got ${largest + 1}; the file is cut short or the face is wrong`,
      );
    }
    for (let corner = 2; corner < face.length; corner++) {
      triangles[at++] = face[0];
      triangles[at++] = face[corner - 1];
      triangles[at++] = face[corner];
    }
  });
  return triangles;
}
