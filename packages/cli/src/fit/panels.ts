import {
  type CropFrame,
  cutCrop,
  type FaceFit,
  type FaceModel,
  projectToPixels,
  Renderer,
  type RgbPixels,
} from '@retinabench/core';

/** Side of one panel. */
const panelPx = 256;

/** Samples a side that are averaged into a panel's pixel, so that outlines are smooth. */
const samples = 2;

/** Input, render, overlay and wireframe of a fit side by side: 8-bit RGB. */
export function fitPanels(model: FaceModel, image: RgbPixels, frame: CropFrame, fit: FaceFit): RgbPixels {
  const side = panelPx * samples;
  const input = cutCrop(image, frame, side);
  const vertices = model.decoder.decode(fit.latent);
  const renderer = new Renderer(
    model.triangles,
    model.decoder.vertexCount,
    { widthPx: side, heightPx: side },
    { culling: 'back', background: [0.1, 0.1, 0.1] },
  );
  const render = renderer.render(vertices, fit.camera, fit.illumination);
  const overlay = input.slice();
  renderer.raster.triangle.forEach((visible, pixel) => {
    if (visible >= 0) overlay.set(render.subarray(pixel * 3, pixel * 3 + 3), pixel * 3);
  });
  const panels = [input, render, overlay, wireframe(model, renderer, fit.camera[6], input)];
  const data = new Uint8Array(panelPx * panelPx * panels.length * 3);
  panels.forEach((panel, index) => {
    for (let row = 0; row < panelPx; row++) {
      for (let column = 0; column < panelPx; column++) {
        const to = (row * panels.length + index) * panelPx + column;
        for (let channel = 0; channel < 3; channel++) data[to * 3 + channel] = average(panel, row, column, channel);
      }
    }
  });
  return { widthPx: panelPx * panels.length, heightPx: panelPx, data };
}

function average(panel: ArrayLike<number>, row: number, column: number, channel: number): number {
  let sum = 0;
  for (let sample = 0; sample < samples * samples; sample++) {
    const y = row * samples + Math.floor(sample / samples);
    const x = column * samples + (sample % samples);
    sum += panel[(y * panelPx * samples + x) * 3 + channel];
  }
  return Math.max(0, Math.min(255, Math.round((255 * sum) / (samples * samples))));
}

/** The edges of the visible triangles over the darkened input, landmark vertices as dots. */
function wireframe(model: FaceModel, renderer: Renderer, focal: number, input: Float32Array): Float32Array {
  const side = panelPx * samples;
  const size = { widthPx: side, heightPx: side };
  const pixels = projectToPixels(renderer.points, focal, size, new Float32Array(model.decoder.vertexCount * 2));
  const out = input.map((value) => value * 0.7);
  const paint = (x: number, y: number, colour: readonly [number, number, number], share: number): void => {
    if (!(x >= 0 && x < side && y >= 0 && y < side)) return;
    const at = (Math.floor(y) * side + Math.floor(x)) * 3;
    for (let channel = 0; channel < 3; channel++) {
      out[at + channel] = (1 - share) * out[at + channel] + share * colour[channel];
    }
  };
  for (const triangle of new Set(renderer.raster.triangle)) {
    if (triangle < 0) continue;
    for (let corner = 0; corner < 3; corner++) {
      const a = model.triangles[triangle * 3 + corner];
      const b = model.triangles[triangle * 3 + ((corner + 1) % 3)];
      const [dx, dy] = [pixels[b * 2] - pixels[a * 2], pixels[b * 2 + 1] - pixels[a * 2 + 1]];
      const steps = Math.ceil(Math.max(Math.abs(dx), Math.abs(dy), 1));
      for (let step = 0; step < steps; step++) {
        paint(pixels[a * 2] + (dx * step) / steps, pixels[a * 2 + 1] + (dy * step) / steps, [0.3, 1, 0.8], 0.35);
      }
    }
  }
  for (const vertex of model.landmarks) {
    for (let dot = 0; dot < 36; dot++) {
      paint(pixels[vertex * 2] + (dot % 6) - 2.5, pixels[vertex * 2 + 1] + Math.floor(dot / 6) - 2.5, [1, 0.2, 0.2], 1);
    }
  }
  return out;
}
