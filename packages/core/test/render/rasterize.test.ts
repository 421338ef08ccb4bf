import { describe, expect, it } from 'vitest';
import { ShapeError } from '../../src/errors.js';
import { interpolateColours } from '../../src/render/interpolate.js';
import { pixelLoss } from '../../src/render/pixel-loss.js';
import { type Culling, createRaster, type Raster, rasterize } from '../../src/render/rasterize.js';
import { Renderer } from '../../src/render/renderer.js';
import { shade } from '../../src/render/shade.js';
import { sphere } from '../mesh/shapes.js';

/** Raster of camera-space triangles at focal length 1: a pixel of an 8 x 8 image is 1/8 wide at depth 1. */
function draw(points: number[], triangles: number[], culling: Culling = 'none', side = 8): Raster {
  const raster = createRaster({ widthPx: side, heightPx: side }, new Float64Array(0));
  rasterize(Float64Array.from(points), Uint32Array.from(triangles), 1, culling, raster);
  return raster;
}

describe('rasterize', () => {
  it('covers exactly the pixel centres inside: a quarter square of the image', () => {
    // Two triangles fill x in [-0.25, 0.25], y in [-0.25, 0.25] at depth 1: columns and rows 2 to 5.
    const square = [-0.25, -0.25, 1, 0.25, -0.25, 1, 0.25, 0.25, 1, -0.25, 0.25, 1];
    const { triangle, depth } = draw(square, [0, 1, 2, 0, 2, 3]);
    triangle.forEach((visible, pixel) => {
      const [row, column] = [Math.floor(pixel / 8), pixel % 8];
      expect(visible >= 0).toBe(row >= 2 && row <= 5 && column >= 2 && column <= 5);
      expect(depth[pixel]).toBe(visible >= 0 ? 1 : Number.POSITIVE_INFINITY);
    });
  });

  it('interpolates perspective-correctly', () => {
    // A triangle from (-1, -1, 1) and (-1, 1, 1) to the far point (3, 0, 3). The ray through the middle of a 1 x 1 image,
    // (0, 0, 1), meets its plane at (0, 0, z) with z = 1 + 2 b2 and 0 = -(1 - b2) + 3 b2, so b2 = 1/4 and z = 3/2. In
    // screen space the far point is at x = 1 and the middle at half way: without the perspective b2 would be 1/2.
    const { weights, depth } = draw([-1, -1, 1, -1, 1, 1, 3, 0, 3], [0, 1, 2], 'none', 1);
    expect(weights[0]).toBeCloseTo(3 / 8, 12);
    expect(weights[1]).toBeCloseTo(3 / 8, 12);
    expect(weights[2]).toBeCloseTo(1 / 4, 12);
    expect(depth[0]).toBeCloseTo(1.5, 12);
  });

  it('shows the nearer of two triangles whatever their order', () => {
    const near = [-1, -1, 1, 1, -1, 1, 0, 1, 1];
    const far = near.map((value) => value * 2);
    expect(draw([...near, ...far], [0, 1, 2, 3, 4, 5]).triangle[36]).toBe(0);
    expect(draw([...far, ...near], [0, 1, 2, 3, 4, 5]).triangle[36]).toBe(1);
  });

  it('culls triangles that turn their back, if asked to, and leaves out those that reach behind the camera', () => {
    const front = [-1, -1, 1, 1, -1, 1, 0, 1, 1];
    expect(draw(front, [0, 1, 2], 'back').triangle[36]).toBe(0);
    expect(draw(front, [0, 2, 1], 'back').triangle[36]).toBe(-1);
    expect(draw(front, [0, 2, 1], 'none').triangle[36]).toBe(0);
    expect(draw([-1, -1, 1, 1, -1, 1, 0, 1, -1], [0, 1, 2]).triangle.every((visible) => visible === -1)).toBe(true);
  });

  it('leaves no hole between triangles: the outline of a sphere is filled', () => {
    const { positions, triangles } = sphere(3);
    const points = Array.from(positions, (value, at) => (at % 3 === 2 ? value + 3 : value));
    const { triangle } = draw(points, Array.from(triangles), 'none', 64);
    for (let row = 0; row < 64; row++) {
      const covered = [...triangle.subarray(row * 64, row * 64 + 64)]
        .map((visible) => (visible >= 0 ? '1' : '0'))
        .join('');
      expect(covered).toMatch(/^0*1*0*$/);
    }
  });

  it('refuses sizes that are no image', () => {
    for (const [widthPx, heightPx] of [
      [0, 8],
      [8, 4097],
      [1.5, 8],
    ]) {
      expect(() => createRaster({ widthPx, heightPx }, new Float32Array(0))).toThrow(ShapeError);
    }
  });
});

describe('shade', () => {
  it('is albedo (ambient + light max(0, n . l))', () => {
    // Light at (0, 3, 4) from the origin: l = (0, 0.6, 0.8). n = +z gives 0.8, n = -z nothing.
    const vertices = Float64Array.of(0, 0, 0, 0.5, 0.5, 1, 0, 0, 0, 0.5, 0.5, 1);
    const light = Float64Array.of(0, 3, 4, 1, 0.5, 0, 0.1, 0.2, 0.3);
    const seen = shade(vertices, Float64Array.of(0, 0, 1, 0, 0, -1), light, new Float64Array(6));
    [0.45, 0.3, 0.3, 0.05, 0.1, 0.3].forEach((expected, at) => {
      expect(seen[at]).toBeCloseTo(expected, 12);
    });
  });
});

describe('interpolateColours and pixelLoss', () => {
  it('mean of || R - I* ||_1 over W H, three channels summed', () => {
    // Differences 0.5 + 0.25 + 0 at one pixel, 0 at three: 0.75 / 4.
    const image = new Float64Array(12);
    const target = new Float64Array(12);
    target.set([0.5, -0.25, 0], 3);
    const gradient = new Float64Array(12);
    expect(pixelLoss(image, target, gradient)).toBe(0.1875);
    expect([...gradient.subarray(3, 6)]).toEqual([-0.25, 0.25, 0]);
  });

  it('leaves uncovered pixels out where a raster is given, and paints them with the background', () => {
    const raster = draw([0, -10, 1, 10, -10, 1, 0, 10, 1], [0, 1, 2], 'none', 2);
    const image = new Float64Array(12);
    interpolateColours(raster, Uint32Array.of(0, 1, 2), new Float64Array(9).fill(0.5), [1, 0, 0], image);
    expect([...image]).toEqual([1, 0, 0, 0.5, 0.5, 0.5, 1, 0, 0, 0.5, 0.5, 0.5]);
    const gradient = new Float64Array(12);
    // Two covered pixels of 3 x 0.5, over all four.
    expect(pixelLoss(image, new Float64Array(12), gradient, raster)).toBe(0.75);
    expect([...gradient.subarray(0, 3)]).toEqual([0, 0, 0]);
  });
});

describe('Renderer', () => {
  it.each([16, 64, 512])(
    'renders a lit sphere at %i px: bright where it faces the light, background around',
    (side) => {
      const { positions, triangles } = sphere(3);
      const vertices = new Float32Array(positions.length * 2).fill(1);
      positions.forEach((value, at) => {
        vertices[Math.floor(at / 3) * 6 + (at % 3)] = value;
      });
      const size = { widthPx: side, heightPx: side };
      const renderer = new Renderer(triangles, positions.length / 3, size, { background: [0, 0, 1] });
      const light = Float32Array.of(0, 100, 0, 1, 1, 1, 0, 0, 0);
      const image = renderer.render(vertices, Float32Array.of(0, 0, 4, 0, 0, 0, 1), light);
      expect([...image.subarray(0, 3)]).toEqual([0, 0, 1]);
      const at = (row: number): number => image[(Math.floor(row * side) * side + side / 2) * 3];
      // The ray with slope 0.2 meets the unit sphere at depth t with 1.04 t^2 - 8 t + 15 = 0, t = 3.238, height 0.648 = n . +y.
      // A pixel's centre lies up to half a pixel off.
      expect(Math.abs(at(0.3) - 0.648)).toBeLessThan(0.02 + 0.8 / side);
      expect(at(0.7)).toBe(0);
    },
  );

  it('refuses backward before render', () => {
    const renderer = new Renderer(Uint32Array.of(0, 1, 2), 3, { widthPx: 2, heightPx: 2 });
    const vertices = new Float32Array(18);
    const sink = { vertices, camera: new Float32Array(7), illumination: new Float32Array(9) };
    expect(() =>
      renderer.backward(vertices, new Float32Array(7), new Float32Array(9), new Float32Array(12), sink),
    ).toThrow(ShapeError);
  });
});
