import { type CropFrame, type FaceModel, type FitStart, Renderer, type RgbPixels, toCrop } from '@retinabench/core';

/** A face to draw: its numbers, and the square of the photograph that its camera looks at. */
export interface DrawnFace extends FitStart {
  readonly frame: CropFrame;
  /** The camera sees the square from left to right. */
  readonly mirrored?: boolean;
  /** Its shape is not to be trusted, and drawn in red. */
  readonly doubtful?: boolean;
}

/** Sides of a render, in pixels. */
const [leastPx, mostPx] = [16, 1024];

/** Share of the drawing over the photograph. */
const cover = { shape: 0.8, render: 1 } as const;

/** A grey model under a light at the camera, so that only its shape shows; of a doubtful face it is red. */
const [grey, red] = [
  [0.8, 0.8, 0.8],
  [0.9, 0.45, 0.4],
];

/**
 * The meshes of faces over the photograph, the first on top.
 *
 * @param look `shape`: grey, lit from the camera; `render`: with the colours and the light that were found.
 * @throws {ShapeError} if a camera is degenerate.
 */
export function drawMeshes(
  model: FaceModel,
  image: RgbPixels,
  faces: readonly DrawnFace[],
  look: 'shape' | 'render',
): RgbPixels {
  const data = image.data.slice();
  for (const face of [...faces].reverse()) drawFace(model, { ...image, data }, face, look);
  return { ...image, data };
}

function drawFace(
  model: FaceModel,
  { widthPx, heightPx, data }: RgbPixels,
  { frame, mirrored, doubtful, latent, camera, illumination }: DrawnFace,
  look: 'shape' | 'render',
): void {
  const side = Math.min(mostPx, Math.max(leastPx, Math.ceil(frame.sidePx)));
  const vertices = model.decoder.decode(Float32Array.from(latent)).slice();
  const light =
    look === 'render'
      ? Float64Array.from(illumination)
      : Float64Array.of(
          ...[0, 1, 2].map((axis) => camera[axis]),
          ...new Array<number>(3).fill(1),
          ...new Array<number>(3).fill(0.1),
        );
  if (look === 'shape') for (let at = 3; at < vertices.length; at += 6) vertices.set(doubtful ? red : grey, at);
  const renderer = new Renderer(
    model.triangles,
    model.decoder.vertexCount,
    { widthPx: side, heightPx: side },
    { culling: 'back' },
  );
  const render = renderer.render(vertices, Float64Array.from(camera), light);
  const reach = frame.sidePx * Math.SQRT1_2;
  const [left, right] = [frame.centreX - reach, frame.centreX + reach];
  const [top, bottom] = [frame.centreY - reach, frame.centreY + reach];
  for (let y = Math.max(0, Math.floor(top)); y < Math.min(heightPx, bottom); y++) {
    for (let x = Math.max(0, Math.floor(left)); x < Math.min(widthPx, right); x++) {
      const [seen, v] = toCrop(frame, x + 0.5, y + 0.5, side);
      const u = mirrored ? side - seen : seen;
      if (!(u >= 0 && u < side && v >= 0 && v < side)) continue;
      const from = Math.floor(v) * side + Math.floor(u);
      if (renderer.raster.triangle[from] < 0) continue;
      const to = (y * widthPx + x) * 3;
      for (let channel = 0; channel < 3; channel++) {
        const drawn = 255 * Math.min(1, Math.max(0, render[from * 3 + channel]));
        data[to + channel] = Math.round((1 - cover[look]) * data[to + channel] + cover[look] * drawn);
      }
    }
  }
}
