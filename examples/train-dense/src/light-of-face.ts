import { type FloatArray, type Raster, type Renderer, startIllumination } from '@retinabench/core';

/** Places of the light that are tried, centimetres: from the left, from the front, from the right. */
const places = [-70, 0, 70].map((x) => [x, 40, 60]);

/** Pull of the two colours towards their start, as a share of the covered pixels: where a face is lit evenly they cannot be told apart. */
const pull = 0.006;

/** Least of a colour: light has none that is negative. */
const least = 0.02;

/**
 * The light that explains a crop best, on a mesh and camera that are given: under a light in one place, equation 3 squared
 * is linear in its colour and the ambient colour, so that the two follow from two renders; the best of three places.
 *
 * @param crop [side, side, 3], 0..1, of the renderer's size.
 * @returns P_ill.
 */
export function lightOfFace(
  renderer: Renderer,
  vertices: FloatArray,
  camera: FloatArray,
  crop: FloatArray,
): Float64Array {
  const ambient = renderer.render(vertices, camera, Float64Array.of(0, 40, 60, 0, 0, 0, 1, 1, 1)).slice();
  let best = Float64Array.from(startIllumination);
  let bestError = Number.POSITIVE_INFINITY;
  for (const place of places) {
    const direct = renderer.render(vertices, camera, Float64Array.of(...place, 1, 1, 1, 0, 0, 0));
    const light = Float64Array.of(...place, 0, 0, 0, 0, 0, 0);
    let error = 0;
    for (let channel = 0; channel < 3; channel++) {
      const solved = solveChannel(renderer.raster, ambient, direct, crop, channel);
      light[3 + channel] = solved.direct;
      light[6 + channel] = solved.ambient;
      error += solved.error;
    }
    if (error < bestError) [best, bestError] = [light, error];
  }
  return best;
}

/** Least squares of crop = a ambient + d direct over the covered pixels, both not negative. */
function solveChannel(
  { triangle }: Raster,
  ambient: FloatArray,
  direct: FloatArray,
  crop: FloatArray,
  channel: number,
): { readonly ambient: number; readonly direct: number; readonly error: number } {
  let [aa, ad, dd, ac, dc, cc, count] = [0, 0, 0, 0, 0, 0, 0];
  for (let pixel = 0; pixel < triangle.length; pixel++) {
    if (triangle[pixel] < 0) continue;
    const at = pixel * 3 + channel;
    const [a, d, c] = [ambient[at], direct[at], crop[at]];
    aa += a * a;
    ad += a * d;
    dd += d * d;
    ac += a * c;
    dc += d * c;
    cc += c * c;
    count++;
  }
  const weight = pull * count + 1e-9;
  const [startDirect, startAmbient] = [startIllumination[3], startIllumination[6]];
  aa += weight;
  dd += weight;
  ac += weight * startAmbient;
  dc += weight * startDirect;
  const determinant = aa * dd - ad * ad;
  let [a, d] = [(ac * dd - dc * ad) / determinant, (dc * aa - ac * ad) / determinant];
  if (d < least) [a, d] = [(ac - ad * least) / aa, least];
  if (a < least) [a, d] = [least, Math.max(least, (dc - ad * least) / dd)];
  const error = cc - 2 * (a * ac + d * dc) + a * a * aa + 2 * a * d * ad + d * d * dd;
  return { ambient: a, direct: d, error };
}
