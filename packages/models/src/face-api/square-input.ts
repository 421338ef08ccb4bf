import type { GraphBuilder } from '../graph/builder.js';

/** An input brought to a fixed square inside the graph. */
export interface SquareInput {
  /** [N, 3, side, side]. */
  readonly image: string;
  /** Pixels of the image as fed per unit of the square, for x, y, x and y: [4]. */
  readonly boxScale: string;
}

/**
 * Pad an image right and below to a square, then resize it bilinearly to a fixed side, inside the graph.
 *
 * The package samples source pixel floor(i x scale) and its neighbour, without the half-pixel shift that every image
 * library applies; resized by one of those, its boxes would move by up to half a source pixel. So the graph resizes, and
 * its card takes images of any size.
 *
 * @param padValue in the units of the fed image.
 * Source: @vladmandic/face-api, src/ops/padToSquare.ts and src/dom/NetInput.ts.
 */
export function squareInput(graph: GraphBuilder, sidePx: number, padValue: number): SquareInput {
  const image = graph.input('input', ['batch', 3, 'height', 'width']);
  const shape = graph.node('square.shape', 'Shape', [image]);
  const slice = (name: string, from: number, to: number): string =>
    graph.node(name, 'Slice', [shape, graph.ints([from]), graph.ints([to])]);
  const height = slice('square.height', 2, 3);
  const width = slice('square.width', 3, 4);
  const side = graph.node('square.side', 'Max', [height, width]);
  const pads = graph.concat(
    'square.pads',
    [
      graph.ints([0, 0, 0, 0, 0, 0]),
      graph.node('square.below', 'Sub', [side, height]),
      graph.node('square.right', 'Sub', [side, width]),
    ],
    0,
  );
  const padded = graph.node('square.padded', 'Pad', [
    image,
    pads,
    graph.floats('square.padValue', [], Float32Array.of(padValue)),
  ]);
  const sizes = graph.concat('square.sizes', [slice('square.batch', 0, 2), graph.ints([sidePx, sidePx])], 0);
  const resized = graph.node('square.resized', 'Resize', [padded, '', '', sizes], {
    mode: { kind: 'string', value: 'linear' },
    coordinate_transformation_mode: { kind: 'string', value: 'asymmetric' },
  });
  return { image: resized, boxScale: boxScale(graph, sidePx, { width, height, side }) };
}

/**
 * The package rounds the sides of the resized image to whole pixels before it scales boxes back, which moves them by less
 * than half a pixel of the square; so does the graph, so that the two agree.
 */
function boxScale(
  graph: GraphBuilder,
  sidePx: number,
  sides: { readonly width: string; readonly height: string; readonly side: string },
): string {
  const float = (name: string, value: string): string =>
    graph.node(name, 'Cast', [value], { to: { kind: 'int', value: 1 } });
  const square = graph.floats('boxScale.square', [], Float32Array.of(sidePx));
  const scale = graph.node('boxScale.scale', 'Div', [square, float('boxScale.side', sides.side)]);
  const both = graph.concat(
    'boxScale.sides',
    [float('boxScale.width', sides.width), float('boxScale.height', sides.height)],
    0,
  );
  const shifted = graph.add(
    'boxScale.shifted',
    graph.node('boxScale.resized', 'Mul', [both, scale]),
    graph.floats('boxScale.half', [], Float32Array.of(0.5)),
  );
  const rounded = graph.node('boxScale.rounded', 'Floor', [shifted]);
  const perUnit = graph.node('boxScale.perUnit', 'Div', [graph.node('boxScale.large', 'Mul', [both, square]), rounded]);
  return graph.concat('boxScale', [perUnit, perUnit], 0);
}
