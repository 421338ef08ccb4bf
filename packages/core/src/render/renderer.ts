import { ShapeError } from '../errors.js';
import type { FloatArray } from '../mesh/float-array.js';
import { assertTriangles } from '../mesh/topology.js';
import { type CameraFrame, cameraBackward, cameraFrame, toCameraSpace } from './camera.js';
import { interpolateBackward, interpolateColours } from './interpolate.js';
import { normalsBackward, vertexNormals } from './normals.js';
import { cameraSize, type ImageSize } from './parameters.js';
import { type Culling, createRaster, type Raster, rasterize } from './rasterize.js';
import { shade, shadeBackward } from './shade.js';

/** Settings of a renderer. */
export interface RendererOptions {
  /** Default `none`: the specification knows no culling. `back` saves half the work on a closed surface. */
  readonly culling?: Culling;
  /** (r, g, b) of uncovered pixels, default black. */
  readonly background?: readonly [number, number, number];
  /** Default float32; float64 for derivative checks. */
  readonly precision?: 'float32' | 'float64';
}

/** Where `Renderer.backward` adds. */
export interface RenderGradient {
  /** [n, 6]. */
  readonly vertices: FloatArray;
  /** [7]. */
  readonly camera: FloatArray;
  /** [9]. */
  readonly illumination: FloatArray;
}

/**
 * The differentiable renderer R(D_PST, P_cam, P_ill): pinhole camera, Lambertian shading at the vertices, z-buffered
 * rasterisation. Holds its work space, so `render` and `backward` allocate next to nothing; not re-entrant.
 *
 * Source: arXiv:1905.00641, section 3.2.
 */
export class Renderer {
  /** [height, width, 3] what `render` gave last; linear in light, not clamped. */
  readonly image: FloatArray;
  /** Pixel to triangle and barycentric weights of the last `render`. */
  readonly raster: Raster;
  /** [n, 3] camera-space vertices of the last `render`. */
  readonly points: FloatArray;
  readonly #triangles: Uint32Array;
  readonly #culling: Culling;
  readonly #background: readonly [number, number, number];
  readonly #normals: FloatArray;
  readonly #lengths: FloatArray;
  readonly #colours: FloatArray;
  readonly #pointsGradient: FloatArray;
  readonly #coloursGradient: FloatArray;
  readonly #normalsGradient: FloatArray;
  #frame: CameraFrame | undefined;

  /** @throws {ShapeError} if a triangle names no vertex, or a side is not a whole number from 1 to 4096. */
  constructor(triangles: Uint32Array, vertexCount: number, size: ImageSize, options: RendererOptions = {}) {
    assertTriangles(triangles, vertexCount);
    const floats = (length: number): FloatArray =>
      options.precision === 'float64' ? new Float64Array(length) : new Float32Array(length);
    this.#triangles = triangles;
    this.#culling = options.culling ?? 'none';
    this.#background = options.background ?? [0, 0, 0];
    this.raster = createRaster(size, floats(0));
    this.image = floats(size.widthPx * size.heightPx * 3);
    this.points = floats(vertexCount * 3);
    this.#normals = floats(vertexCount * 3);
    this.#lengths = floats(vertexCount);
    this.#colours = floats(vertexCount * 3);
    this.#pointsGradient = floats(vertexCount * 3);
    this.#coloursGradient = floats(vertexCount * 3);
    this.#normalsGradient = floats(vertexCount * 3);
  }

  /**
   * Render.
   *
   * @param vertices     [n, 6]: (x, y, z, r, g, b), colours as albedo.
   * @param camera       [7]: P_cam, in the mesh's units and image heights.
   * @param illumination [9]: P_ill.
   * @returns `image`, overwritten.
   * @throws {ShapeError} if a length does not fit, or the camera is degenerate (cameraFrame).
   * Cost: O(n + m + pixels).
   */
  render(vertices: FloatArray, camera: FloatArray, illumination: FloatArray): FloatArray {
    this.#frame = cameraFrame(camera);
    toCameraSpace(vertices, this.#frame, this.points);
    vertexNormals(vertices, this.#triangles, this.#normals, this.#lengths);
    shade(vertices, this.#normals, illumination, this.#colours);
    rasterize(this.points, this.#triangles, camera[6], this.#culling, this.raster);
    interpolateColours(this.raster, this.#triangles, this.#colours, this.#background, this.image);
    return this.image;
  }

  /**
   * The gradient of a loss through the latest `render`, whose arguments are given again. Discontinuities at occlusion
   * edges are not differentiated.
   *
   * @param imageGradient [height, width, 3]: dL/d image.
   * @param gradient      is added to.
   * @throws {ShapeError} if a length does not fit, or nothing was rendered yet.
   */
  backward(
    vertices: FloatArray,
    camera: FloatArray,
    illumination: FloatArray,
    imageGradient: FloatArray,
    gradient: RenderGradient,
  ): void {
    if (
      this.#frame === undefined ||
      imageGradient.length !== this.image.length ||
      gradient.vertices.length !== vertices.length ||
      gradient.camera.length !== cameraSize
    ) {
      throw new ShapeError(
        `Renderer.backward: expected gradients of ${this.image.length}, ${vertices.length} and ${cameraSize} numbers after a render, got ${imageGradient.length}, ${gradient.vertices.length} and ${gradient.camera.length}`,
      );
    }
    this.#pointsGradient.fill(0);
    this.#coloursGradient.fill(0);
    const sink = { points: this.#pointsGradient, colours: this.#coloursGradient };
    gradient.camera[6] += interpolateBackward(
      this.raster,
      this.points,
      this.#triangles,
      this.#colours,
      camera[6],
      imageGradient,
      sink,
    );
    shadeBackward(vertices, this.#normals, illumination, this.#coloursGradient, {
      vertices: gradient.vertices,
      normals: this.#normalsGradient,
      illumination: gradient.illumination,
    });
    normalsBackward(vertices, this.#triangles, this.#normals, this.#lengths, this.#normalsGradient, gradient.vertices);
    cameraBackward(vertices, this.#frame, this.#pointsGradient, gradient.vertices, gradient.camera);
  }
}
