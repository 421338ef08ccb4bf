import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { illuminationSize } from './parameters.js';

/**
 * Lambertian shading at the vertices: c = albedo (ambient + light max(0, n . l)), l the unit vector to the point light.
 *
 * @param vertices     [n, 6]: (x, y, z, r, g, b), the colour being the albedo.
 * @param normals      [n, 3], unit.
 * @param illumination [xl, yl, zl, rl, gl, bl, ra, ga, ba]: location of the light in the mesh's units, its colour, the
 * ambient colour.
 * @param out          [n, 3]: receives the colour seen; not clamped.
 * @throws {ShapeError} if the lengths do not fit.
 * Cost: O(n), allocates nothing. A vertex at the light's place takes ambient light alone.
 * Source: arXiv:1905.00641, section 3.2, P_ill; the light does not weaken with distance.
 */
export function shade<T extends FloatArray>(
  vertices: FloatArray,
  normals: FloatArray,
  illumination: FloatArray,
  out: T,
): T {
  if (illumination.length !== illuminationSize || normals.length !== out.length || vertices.length !== 2 * out.length) {
    throw new ShapeError(
      `shade: expected vertices [n, 6], normals and out [n, 3] and illumination [9], got lengths ${vertices.length}, ${normals.length}, ${out.length} and ${illumination.length}`,
    );
  }
  const [lx, ly, lz, red, green, blue, redAmbient, greenAmbient, blueAmbient] = illumination;
  for (let at = 0, from = 0; at < out.length; at += 3, from += 6) {
    const dx = lx - vertices[from];
    const dy = ly - vertices[from + 1];
    const dz = lz - vertices[from + 2];
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const along = normals[at] * dx + normals[at + 1] * dy + normals[at + 2] * dz;
    const cosine = along > 0 ? along / distance : 0;
    out[at] = vertices[from + 3] * (redAmbient + red * cosine);
    out[at + 1] = vertices[from + 4] * (greenAmbient + green * cosine);
    out[at + 2] = vertices[from + 5] * (blueAmbient + blue * cosine);
  }
  return out;
}

/** Where the gradients of shading are added. */
export interface ShadeGradient {
  /** [n, 6] position (through the direction to the light) and albedo. */
  readonly vertices: FloatArray;
  /** [n, 3] overwritten. */
  readonly normals: FloatArray;
  /** [9]. */
  readonly illumination: FloatArray;
}

/**
 * The gradient through `shade`. At n . l = 0 the derivative of the dark side, zero, is taken.
 *
 * @param coloursGradient [n, 3]: dL/d colours seen.
 */
export function shadeBackward(
  vertices: FloatArray,
  normals: FloatArray,
  illumination: FloatArray,
  coloursGradient: FloatArray,
  gradient: ShadeGradient,
): void {
  const [lx, ly, lz, red, green, blue, redAmbient, greenAmbient, blueAmbient] = illumination;
  const sums = new Float64Array(illuminationSize);
  gradient.normals.fill(0);
  for (let at = 0, from = 0; at < coloursGradient.length; at += 3, from += 6) {
    const gr = coloursGradient[at];
    const gg = coloursGradient[at + 1];
    const gb = coloursGradient[at + 2];
    if (gr === 0 && gg === 0 && gb === 0) continue;
    const dx = lx - vertices[from];
    const dy = ly - vertices[from + 1];
    const dz = lz - vertices[from + 2];
    const distance = Math.sqrt(dx * dx + dy * dy + dz * dz);
    const along = normals[at] * dx + normals[at + 1] * dy + normals[at + 2] * dz;
    const cosine = along > 0 ? along / distance : 0;
    gradient.vertices[from + 3] += gr * (redAmbient + red * cosine);
    gradient.vertices[from + 4] += gg * (greenAmbient + green * cosine);
    gradient.vertices[from + 5] += gb * (blueAmbient + blue * cosine);
    const ar = gr * vertices[from + 3];
    const ag = gg * vertices[from + 4];
    const ab = gb * vertices[from + 5];
    sums[6] += ar;
    sums[7] += ag;
    sums[8] += ab;
    if (cosine === 0) continue;
    sums[3] += ar * cosine;
    sums[4] += ag * cosine;
    sums[5] += ab * cosine;
    const ofCosine = (ar * red + ag * green + ab * blue) / distance;
    gradient.normals[at] += ofCosine * dx;
    gradient.normals[at + 1] += ofCosine * dy;
    gradient.normals[at + 2] += ofCosine * dz;
    const tx = ofCosine * (normals[at] - (cosine * dx) / distance);
    const ty = ofCosine * (normals[at + 1] - (cosine * dy) / distance);
    const tz = ofCosine * (normals[at + 2] - (cosine * dz) / distance);
    sums[0] += tx;
    sums[1] += ty;
    sums[2] += tz;
    gradient.vertices[from] -= tx;
    gradient.vertices[from + 1] -= ty;
    gradient.vertices[from + 2] -= tz;
  }
  for (let at = 0; at < illuminationSize; at++) gradient.illumination[at] += sums[at];
}
