import { ShapeError } from '../errors.js';
import type { TriangleMesh } from './triangle-mesh.js';

/**
 * A mesh as Wavefront .obj, colours as the three numbers after each position (read by MeshLab, Blender and parseObj).
 *
 * @param comment lines written first, each behind a `#`.
 * @returns the text, positions with six significant digits and colours with four decimals.
 * @throws {ShapeError} if colours and positions differ in length.
 */
export function writeObj(mesh: TriangleMesh, comment: readonly string[] = []): string {
  const { positions, triangles, colours } = mesh;
  if (colours && colours.length !== positions.length) {
    throw new ShapeError(
      `writeObj: expected one colour per vertex, ${positions.length} numbers, got ${colours.length}`,
    );
  }
  const lines = comment.map((text) => `# ${text}`);
  for (let at = 0; at < positions.length; at += 3) {
    const place = [positions[at], positions[at + 1], positions[at + 2]].map((value) => Number(value.toPrecision(6)));
    const colour = colours ? [colours[at], colours[at + 1], colours[at + 2]].map((value) => value.toFixed(4)) : [];
    lines.push(['v', ...place, ...colour].join(' '));
  }
  for (let at = 0; at < triangles.length; at += 3) {
    lines.push(`f ${triangles[at] + 1} ${triangles[at + 1] + 1} ${triangles[at + 2] + 1}`);
  }
  return `${lines.join('\n')}\n`;
}
