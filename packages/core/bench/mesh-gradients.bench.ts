// The gradient of equation 3 on the face model against central differences, by group of parameters; run with
// `npx nx run core:bench-mesh-gradients`. Float64 throughout; a difference whose two renders show other triangles at any
// pixel than the middle one crosses an occlusion edge, says nothing, and is counted apart.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import {
  densePixelTerm,
  loadHierarchy,
  MeshDecoder,
  Renderer,
  readDecoderWeights,
  readSafetensors,
  seededRandom,
} from '../src/index.js';

const read = (name: string): Uint8Array => readFileSync(path.resolve('packages/core/data/mesh', name));
const hierarchy = loadHierarchy(read('face-hierarchy.safetensors'), 'hierarchy');
const weights = readDecoderWeights(readSafetensors(read('face-decoder.safetensors'), 'decoder'), hierarchy, 'decoder');
const decoder = new MeshDecoder(hierarchy, weights, 'float64');
const random = seededRandom(23);
const size = { widthPx: 48, heightPx: 48 };
const renderer = new Renderer(hierarchy.levels[0].mesh.triangles, decoder.vertexCount, size, {
  culling: 'back',
  precision: 'float64',
});
const parameters = Float64Array.of(
  ...Array.from({ length: 128 }, () => 2 * random() - 1),
  ...[12, 4, 95, 0.3, 1, 8, 3.4],
  ...[-40, 30, 80, 0.7, 0.6, 0.5, 0.3, 0.35, 0.4],
);
// Targets beyond 0..1, so that no difference changes its sign.
const target = Float64Array.from({ length: 48 * 48 * 3 }, () => (random() < 0.5 ? -1 : 2));
const term = densePixelTerm(decoder, renderer, target, { pixels: 'covered' });
const { gradient } = term(parameters);
const visible = renderer.raster.triangle.slice();

const groups: readonly (readonly [name: string, from: number, to: number, step: number])[] = [
  ['P_ST (128)', 0, 128, 1e-6],
  ['camera location', 128, 131, 1e-6],
  ['camera target', 131, 134, 1e-7],
  ['focal length', 134, 135, 1e-8],
  ['light location', 135, 138, 1e-4],
  ['light colour', 138, 141, 1e-5],
  ['ambient colour', 141, 144, 1e-5],
];
console.log('parameters        largest |gradient|   largest difference   relative   compared   on an edge');
for (const [name, from, to, step] of groups) {
  let [largest, difference, compared, onEdge] = [0, 0, 0, 0];
  for (let at = from; at < to; at++) {
    const sides = [step, -step].map((by) => {
      const moved = parameters.slice();
      moved[at] += by;
      const { value } = term(moved);
      return { value, same: renderer.raster.triangle.every((triangle, pixel) => triangle === visible[pixel]) };
    });
    largest = Math.max(largest, Math.abs(gradient[at]));
    if (!sides.every(({ same }) => same)) onEdge++;
    else {
      compared++;
      difference = Math.max(difference, Math.abs((sides[0].value - sides[1].value) / (2 * step) - gradient[at]));
    }
  }
  const cells = [largest.toExponential(2), difference.toExponential(1), (difference / largest).toExponential(1)];
  console.log(
    `${name.padEnd(18)}${cells[0].padStart(18)}${cells[1].padStart(21)}${cells[2].padStart(11)}${String(compared).padStart(11)}${String(onEdge).padStart(13)}`,
  );
}
