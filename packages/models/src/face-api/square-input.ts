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
  const fed = fedSides(graph);
  const none = graph.ints([0, 0]);
  const image = padAndResize(graph, fed, { before: none, after: fed.missing }, sidePx, padValue);
  return { image, boxScale: boxScale(graph, sidePx, fed) };
}

/** A crop brought to a fixed square inside the graph, the missing parts on both sides of it. */
export interface CentredSquareInput {
  /** [N, 3, side, side], the mean subtracted. */
  readonly image: string;
  /** Longer side of the crop as fed: [1]. */
  readonly side: string;
  /** Pixels of the square left of and above the crop, at the scale of the crop as fed: [2]. */
  readonly margins: string;
}

/**
 * As squareInput, but the crop lies in the middle of the square, black around it, and the mean is subtracted after that.
 *
 * @param mean of red, green and blue, grey levels.
 */
export function centredSquareInput(
  graph: GraphBuilder,
  sidePx: number,
  mean: readonly [number, number, number],
): CentredSquareInput {
  const fed = fedSides(graph);
  // Math.round(missing / 2) below and right, the rest above and left.
  const more = graph.add('square.more', fed.missing, graph.ints([1]));
  const after = graph.node('square.after', 'Div', [more, graph.ints([2])]);
  const before = graph.node('square.before', 'Sub', [fed.missing, after]);
  const resized = padAndResize(graph, fed, { before, after }, sidePx, 0);
  const image = graph.node('square.centred', 'Sub', [
    resized,
    graph.floats('square.mean', [1, 3, 1, 1], Float32Array.from(mean)),
  ]);
  const half = graph.floats('square.half', [], Float32Array.of(0.5));
  const missing = graph.node('square.missing.float', 'Cast', [fed.missing], toFloat);
  const margin = graph.node('square.margin', 'Mul', [missing, half]);
  const [above, left] = ['square.margin.above', 'square.margin.left'];
  graph.split('square.margin.split', margin, 0, [
    { name: above, size: 1 },
    { name: left, size: 1 },
  ]);
  return {
    image,
    side: graph.node('square.side.float', 'Cast', [fed.side], toFloat),
    margins: graph.concat('square.margins', [left, above], 0),
  };
}

const toFloat = { to: { kind: 'int', value: 1 } } as const;

/** Names of the sides of the image as fed, whole numbers; `missing` is what height and width lack to be a square, [2]. */
interface FedSides {
  readonly image: string;
  readonly shape: string;
  readonly height: string;
  readonly width: string;
  readonly side: string;
  readonly missing: string;
}

function fedSides(graph: GraphBuilder): FedSides {
  const image = graph.input('input', ['batch', 3, 'height', 'width']);
  const shape = graph.node('square.shape', 'Shape', [image]);
  const height = graph.node('square.height', 'Slice', [shape, graph.ints([2]), graph.ints([3])]);
  const width = graph.node('square.width', 'Slice', [shape, graph.ints([3]), graph.ints([4])]);
  const side = graph.node('square.side', 'Max', [height, width]);
  const missing = graph.concat(
    'square.missing',
    [graph.node('square.below', 'Sub', [side, height]), graph.node('square.right', 'Sub', [side, width])],
    0,
  );
  return { image, shape, height, width, side, missing };
}

function padAndResize(
  graph: GraphBuilder,
  { image, shape }: FedSides,
  pads: { readonly before: string; readonly after: string },
  sidePx: number,
  padValue: number,
): string {
  const none = graph.ints([0, 0]);
  const allPads = graph.concat('square.pads', [none, pads.before, none, pads.after], 0);
  const padded = graph.node('square.padded', 'Pad', [
    image,
    allPads,
    graph.floats('square.padValue', [], Float32Array.of(padValue)),
  ]);
  const batch = graph.node('square.batch', 'Slice', [shape, graph.ints([0]), graph.ints([2])]);
  const sizes = graph.concat('square.sizes', [batch, graph.ints([sidePx, sidePx])], 0);
  return graph.node('square.resized', 'Resize', [padded, '', '', sizes], {
    mode: { kind: 'string', value: 'linear' },
    coordinate_transformation_mode: { kind: 'string', value: 'asymmetric' },
  });
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
  const float = (name: string, value: string): string => graph.node(name, 'Cast', [value], toFloat);
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
