import { describe, expect, test } from 'vitest';
import { densePixelTerm, multiTaskLoss, multiTaskPresets, Renderer } from '../../src/index.js';
import { MeshDecoder } from '../../src/mesh/decoder.js';
import { buildWeights } from '../../src/mesh/decoder-weights.js';
import { buildHierarchy } from '../../src/mesh/hierarchy.js';
import { numbers, sphere } from '../mesh/shapes.js';

const size = { widthPx: 16, heightPx: 16 };

/** The dense regression loss of one anchor, over random layers on a sphere of 18 vertices. */
function pixelTerm() {
  const fine = sphere(1);
  const hierarchy = buildHierarchy(fine, 1, 'sphere');
  let seed = 1;
  const weights = buildWeights({ latent: 4, order: 2, features: [4], colour: 'sigmoid' }, hierarchy, (name, dims) => {
    const length = dims.reduce((product, value) => product * value, 1);
    if (name === 'mean') {
      return Float64Array.from({ length }, (_, at) =>
        at % 6 < 3 ? fine.positions[Math.floor(at / 6) * 3 + (at % 6)] : 0,
      );
    }
    return numbers(length, seed++).map((value) => value * 0.1);
  });
  const vertices = fine.positions.length / 3;
  const renderer = new Renderer(fine.triangles, vertices, size, { precision: 'float64' });
  const target = new Float64Array(size.widthPx * size.heightPx * 3).fill(2);
  return densePixelTerm(new MeshDecoder(hierarchy, weights, 'float64'), renderer, target, { pixels: 'covered' });
}

describe('multiTaskLoss with the dense regression loss plugged in', () => {
  test('makes the gradient of the pixel term that of the total', () => {
    const term = pixelTerm();
    // P_ST, P_cam and P_ill of the one positive anchor.
    const parameters = Float64Array.of(
      0.1,
      -0.2,
      0.3,
      0.4,
      0.3,
      0.2,
      4,
      0,
      0,
      0,
      1.5,
      -2,
      3,
      4,
      0.6,
      0.5,
      0.4,
      0.3,
      0.2,
      0.3,
    );
    const anchors = new Float32Array([10, 10, 20, 20, 100, 100, 20, 20]);
    const heads = { logits: new Float64Array([0.3, -0.2, 0.5, 0.1]), boxes: new Float64Array(8) };
    const faces = [{ boxesXyxy: new Float64Array([0, 0, 20, 20, 90, 90, 110, 110]) }];
    // A large weight, so that the term is no rounding error of the total.
    const options = { ...multiTaskPresets.paper, weights: { ...multiTaskPresets.paper.weights, pixel: 5 } };
    const total = (values: Float64Array): { total: number; pixel: number; gradient: Float64Array } => {
      let gradient: Float64Array = new Float64Array(0);
      const loss = multiTaskLoss(heads, anchors, faces, options, undefined, (_, anchor) => {
        // Two positives, of which one has a mesh.
        if (anchor !== 0) return undefined;
        const found = term(values);
        gradient = found.gradient;
        return found;
      });
      return { total: loss.total, pixel: loss.pixel, gradient };
    };
    const { pixel, gradient } = total(parameters);
    // Two positives divide it.
    expect(pixel).toBeCloseTo(term(parameters).value / 2, 12);
    // Colours of light and ambience: no pixel changes hands when they move.
    for (let at = parameters.length - 6; at < parameters.length; at++) {
      const step = 1e-6;
      const moved = (by: number): number => total(parameters.with(at, parameters[at] + by)).total;
      const numeric = (moved(step) - moved(-step)) / (2 * step);
      expect(Math.abs(numeric)).toBeGreaterThan(1e-4);
      expect(Math.abs(numeric / gradient[at] - 1)).toBeLessThan(1e-5);
    }
  });
});
