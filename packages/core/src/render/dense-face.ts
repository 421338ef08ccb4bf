import { ShapeError } from '../errors.js';
import type { MeshDecoder } from '../mesh/decoder.js';
import { projectToPixels } from './camera.js';
import { splitDense } from './dense-loss.js';
import type { Raster } from './rasterize.js';
import { Renderer } from './renderer.js';

/** The dense localisation of one face: where each vertex lies in the image, and what each pixel of the crop shows. */
export interface DenseFace {
  /** Float32Array [n, 2]: (x, y) in pixels of the image; NaN for a vertex behind the camera. */
  readonly verticesPx: Float32Array;
  /** Float32Array [n, 6]: the decoded mesh, colours as albedo. */
  readonly vertices: Float32Array;
  /** Pixel of the square to triangle and barycentric weights. */
  readonly raster: Raster;
}

/**
 * Reads the dense head's numbers for kept faces: decodes the mesh, projects it into its square and from there into the
 * image, and rasterises the correspondence. Holds a renderer; its results are fresh arrays.
 */
export class DenseFaceReader {
  readonly #decoder: MeshDecoder;
  readonly #triangles: Uint32Array;
  readonly #renderer: Renderer;

  /** @param cropPx side of the correspondence raster, 16 to 512. @throws {ShapeError} if it is not. */
  constructor(decoder: MeshDecoder, triangles: Uint32Array, cropPx = 128) {
    if (!(cropPx >= 16 && cropPx <= 512)) {
      throw new ShapeError(`DenseFaceReader: expected a crop of 16 to 512 px, got ${cropPx}`);
    }
    this.#decoder = decoder;
    this.#triangles = triangles;
    this.#renderer = new Renderer(
      triangles,
      decoder.vertexCount,
      { widthPx: cropPx, heightPx: cropPx },
      { culling: 'back' },
    );
  }

  /**
   * Read one face.
   *
   * @param parameters [latent + 7 + 9]: P_ST, P_cam, P_ill, the camera relative to the square.
   * @param squareXyxy (x1, y1, x2, y2) of the square in the image, before its turn; x1 > x2 where it was seen mirrored.
   * @param roll       clockwise turn of the square about its middle in the image, radians.
   * @throws {ShapeError} if a length does not fit, or the camera is degenerate (cameraFrame).
   * Cost: one decode and one render.
   */
  read(parameters: Float32Array, squareXyxy: ArrayLike<number>, roll = 0): DenseFace {
    const { latent, camera, illumination } = splitDense(parameters);
    const vertices = this.#decoder.decode(latent);
    const renderer = this.#renderer;
    renderer.render(vertices, camera, illumination);
    const unit = { widthPx: 1, heightPx: 1 };
    const verticesPx = projectToPixels(
      renderer.points,
      camera[6],
      unit,
      new Float32Array(this.#decoder.vertexCount * 2),
    );
    const [x1, y1, x2, y2] = Array.from(squareXyxy);
    const [middleX, middleY] = [(x1 + x2) / 2, (y1 + y2) / 2];
    const [cos, sin] = [Math.cos(roll), Math.sin(roll)];
    for (let at = 0; at < verticesPx.length; at += 2) {
      const x = (verticesPx[at] - 0.5) * (x2 - x1);
      const y = (verticesPx[at + 1] - 0.5) * (y2 - y1);
      verticesPx[at] = middleX + cos * x - sin * y;
      verticesPx[at + 1] = middleY + sin * x + cos * y;
    }
    const { size, triangle, weights, depth } = renderer.raster;
    return {
      verticesPx,
      vertices: Float32Array.from(vertices),
      raster: { size, triangle: triangle.slice(), weights: weights.slice(), depth: depth.slice() },
    };
  }

  /** Uint32Array [m, 3]: what the raster's indices name. */
  get triangles(): Uint32Array {
    return this.#triangles;
  }
}
