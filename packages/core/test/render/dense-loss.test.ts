import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { multiTaskLoss } from '../../src/loss/multi-task.js';
import { multiTaskPresets } from '../../src/loss/multi-task-options.js';
import { MeshDecoder } from '../../src/mesh/decoder.js';
import { buildWeights, type DecoderShape } from '../../src/mesh/decoder-weights.js';
import type { FloatArray } from '../../src/mesh/float-array.js';
import { buildHierarchy } from '../../src/mesh/hierarchy.js';
import { densePixelTerm, splitDense } from '../../src/render/dense-loss.js';
import { Renderer } from '../../src/render/renderer.js';
import { numbers, sphere } from '../mesh/shapes.js';

const fine = sphere(3);
const hierarchy = buildHierarchy(fine, 3, 'sphere');
const shape: DecoderShape = { latent: 128, order: 3, features: [8, 4, 4], colour: 'sigmoid' };
const size = { widthPx: 40, heightPx: 32 };

/** A decoder of bumpy coloured spheres: random layers on top of the sphere. */
function decoder(): MeshDecoder {
  let seed = 30;
  const weights = buildWeights(shape, hierarchy, (name, dims) => {
    const length = dims.reduce((product, value) => product * value, 1);
    if (name === 'mean') {
      return Float64Array.from({ length }, (_, at) =>
        at % 6 < 3 ? fine.positions[Math.floor(at / 6) * 3 + (at % 6)] : 0,
      );
    }
    const factor = name === 'scale' ? 0.05 : name === 'dense.weight' ? 0.1 : 0.5;
    return numbers(length, seed++).map((value) => value * factor);
  });
  return new MeshDecoder(hierarchy, weights, 'float64');
}

/** P_ST, a camera off the axis that sees the whole sphere, a coloured light from the upper left. */
const parameters = Float64Array.of(
  ...numbers(128, 7),
  ...[0.6, 0.4, 4.2, 0.05, -0.04, 0.1, 1.5],
  ...[-2, 3, 4, 0.6, 0.5, 0.4, 0.3, 0.25, 0.35],
);

describe('densePixelTerm', () => {
  it('has the gradient of central differences in all 144 parameters, away from occlusion edges', () => {
    const renderer = new Renderer(fine.triangles, 258, size, { precision: 'float64' });
    // Targets beyond 0..1 keep every difference's sign, so that only occlusion edges could break the derivative.
    const target = numbers(size.widthPx * size.heightPx * 3, 8).map((value) => (value > 0 ? 3 : -2));
    const term = densePixelTerm(decoder(), renderer, target, { pixels: 'covered' });
    const { value, gradient } = term(parameters);
    const visible = renderer.raster.triangle.slice();
    expect(visible.filter((triangle) => triangle >= 0).length).toBeGreaterThan(200);
    expect(value).toBeGreaterThan(0);
    expect(gradient).toHaveLength(144);
    let smooth = 0;
    gradient.forEach((analytic, at) => {
      const step = 1e-6;
      const shifted = (by: number): number => {
        const moved = parameters.slice();
        moved[at] += by;
        return term(moved).value;
      };
      const above = shifted(step);
      const sameAbove = renderer.raster.triangle.every((triangle, pixel) => triangle === visible[pixel]);
      const below = shifted(-step);
      const sameBelow = renderer.raster.triangle.every((triangle, pixel) => triangle === visible[pixel]);
      if (!sameAbove || !sameBelow) return;
      smooth++;
      const numeric = (above - below) / (2 * step);
      expect(Math.abs(numeric - analytic)).toBeLessThan(1e-6 * Math.max(0.01, Math.abs(numeric)) + 2e-9);
    });
    // A step may carry a pixel centre over an edge; then the comparison says nothing. It happens rarely.
    expect(smooth).toBeGreaterThanOrEqual(140);
  });

  it('is zero, with no gradient, where the render is the target', () => {
    const model = decoder();
    const renderer = new Renderer(fine.triangles, 258, size, { precision: 'float64' });
    const { latent, camera, illumination } = splitDense(parameters);
    const target = renderer.render(model.decode(latent), camera, illumination).slice();
    const { value, gradient } = densePixelTerm(model, renderer, target)(parameters);
    expect(value).toBe(0);
    expect(gradient.every((slope) => slope === 0)).toBe(true);
  });

  it('counts the background against the target unless only covered pixels count', () => {
    const renderer = new Renderer(fine.triangles, 258, size, { precision: 'float64' });
    const white = new Float64Array(size.widthPx * size.heightPx * 3).fill(1);
    const all = densePixelTerm(decoder(), renderer, white)(parameters).value;
    const covered = densePixelTerm(decoder(), renderer, white, { pixels: 'covered' })(parameters).value;
    const uncovered = renderer.raster.triangle.filter((triangle) => triangle < 0).length;
    // Each uncovered pixel is black against white: 3 of W H.
    expect(all - covered).toBeCloseTo((3 * uncovered) / (size.widthPx * size.heightPx), 10);
  });

  it('is the pixel term of the multi-task loss: value over the positives, gradient scaled by weight over positives', () => {
    const renderer = new Renderer(fine.triangles, 258, size, { precision: 'float64' });
    const target = new Float64Array(size.widthPx * size.heightPx * 3).fill(1);
    const term = densePixelTerm(decoder(), renderer, target);
    const alone = term(parameters);
    // One anchor, which is the face: one positive.
    const anchors = Float64Array.of(50, 50, 40, 40);
    const faces = [{ boxesXyxy: Float64Array.of(30, 30, 70, 70) }];
    const outputs = { logits: new Float64Array(2), boxes: new Float64Array(4) };
    let scaled: { readonly gradient: FloatArray } | undefined;
    const loss = multiTaskLoss(outputs, anchors, faces, multiTaskPresets.paper, undefined, () => {
      const { value, gradient } = term(parameters);
      scaled = { gradient };
      return { value, gradient };
    });
    expect(loss.positives).toBe(1);
    expect(loss.pixel).toBeCloseTo(alone.value, 12);
    // lambda_3 = 0.01 of equation 1.
    expect(scaled?.gradient[130]).toBeCloseTo(0.01 * alone.gradient[130], 15);
  });

  it('refuses another number of parameters', () => {
    const renderer = new Renderer(fine.triangles, 258, size, { precision: 'float64' });
    const term = densePixelTerm(decoder(), renderer, new Float64Array(size.widthPx * size.heightPx * 3));
    expect(() => term(parameters.slice(1))).toThrow(ShapeError);
  });
});
