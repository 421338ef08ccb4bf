import { loadBackend, type RgbImage, type Session, type Tensor } from '@retinabench/backends';
import {
  type AnchorLayout,
  anchorPresets,
  decodeBoxes,
  decodeLandmarks,
  generateAnchors,
  ModelError,
  packImage,
} from '@retinabench/core';
import {
  type CardDecoder,
  colourDilation,
  colourPyramid,
  exposeValues,
  GraphBuilder,
  type HeadMap,
  headMaps,
  networkFingerprint,
  readOnnx,
  writeOnnx,
} from '@retinabench/models';
import type { LoadedModel } from '@retinabench/models/node';

/** Colours that a head sees: three channels in 3 x 3 places. */
export const colourInputs = 27;

/** What a frozen detector gives for one image: its detections before suppression, and the maps that its heads stand on. */
export interface ImageFeatures {
  /** [anchors]: the face probability. */
  readonly scores: Float32Array;
  /** [anchors, 4] (x1, y1, x2, y2) in pixels of the input. */
  readonly boxesXyxy: Float32Array;
  /** [anchors, 10] in pixels of the input. */
  readonly landmarks: Float32Array;
  /** [anchors, 4] (cx, cy, w, h) in pixels of the input. */
  readonly anchors: Float32Array;
  /** Which head an anchor has: one for each anchor size, fine to coarse. */
  headOf(anchor: number): number;
  /** The features of an anchor's cell, then the mean colours [3, 3, 3] around it as a convolution orders them. */
  featuresOf(anchor: number, out: Float32Array): void;
}

interface LevelMaps {
  readonly features: Tensor;
  readonly colours: Tensor;
  readonly dilations: readonly number[];
  readonly firstHead: number;
}

/** A RetinaFace whose feature maps can be read, with maps of mean colours beside them. Not re-entrant. */
export class FeatureNetwork {
  readonly channels: number;
  /** Level of each head; a head is an anchor size, fine to coarse. */
  readonly levelOfHead: readonly number[];
  /** networkFingerprint of the network. */
  readonly fingerprint: string;
  readonly #session: Session;
  readonly #model: LoadedModel;
  readonly #decoder: Extract<CardDecoder, { kind: 'retinaface' }>;
  readonly #maps: readonly HeadMap[];
  readonly #colourMaps: readonly string[];
  readonly #layout: AnchorLayout;

  private constructor(
    session: Session,
    model: LoadedModel,
    decoder: Extract<CardDecoder, { kind: 'retinaface' }>,
    maps: readonly HeadMap[],
    colourMaps: readonly string[],
    fingerprint: string,
  ) {
    this.#session = session;
    this.#model = model;
    this.#decoder = decoder;
    this.#maps = maps;
    this.#colourMaps = colourMaps;
    this.#layout = anchorPresets[decoder.anchors];
    this.fingerprint = fingerprint;
    this.channels = maps[0].channels;
    this.levelOfHead = this.#layout.levels.flatMap(({ sizesPx }, level) => sizesPx.map(() => level));
  }

  /** @throws {ModelError} if the model is no RetinaFace with landmarks whose heads headMaps finds, of one width. */
  static async open(model: LoadedModel): Promise<FeatureNetwork> {
    const { card, bytes } = model;
    const { decoder } = card;
    if (decoder?.kind !== 'retinaface' || decoder.outputs.landmarks === undefined) {
      throw new ModelError(
        `model ${card.id}: expected a RetinaFace with landmarks, got ${decoder?.kind ?? card.task}; choose another --model`,
      );
    }
    const place = `model ${card.id}`;
    const base = readOnnx(bytes, card.id);
    const maps = headMaps(base, decoder.outputs.scores, place);
    const builder = new GraphBuilder('colours');
    const strides = anchorPresets[decoder.anchors].levels.map(({ stride }) => stride);
    const colourMaps = colourPyramid(builder, card.input.tensor, strides);
    const nodes = [...base.graph.nodes, ...builder.build().graph.nodes];
    const names = [...maps.map(({ map }) => map), ...colourMaps];
    const exposed = exposeValues({ ...base, graph: { ...base.graph, nodes } }, names);
    const backend = await loadBackend('ort-node');
    const session = await backend.createSession(writeOnnx(exposed), card.id, { threads: 1 });
    const fingerprint = networkFingerprint(base, decoder.outputs.scores, place);
    return new FeatureNetwork(session, model, decoder, maps, colourMaps, fingerprint);
  }

  /** Run the network on an image as it is: resizing is the caller's. */
  async read({ widthPx, heightPx, data }: RgbImage): Promise<ImageFeatures> {
    const { input } = this.#model.card;
    const { outputs: names, variances } = this.#decoder;
    const packed = packImage(
      data,
      {
        ...{ widthPx, heightPx, inputWidthPx: widthPx, inputHeightPx: heightPx, offsetXPx: 0, offsetYPx: 0 },
        ...{ layout: input.layout, colourOrder: input.colourOrder, mean: input.mean, scale: input.scale },
        ...{ padValue: 0, mirror: false },
      },
      new Float32Array(widthPx * heightPx * 3),
    );
    const outputs = await this.#session.run({ [input.tensor]: { data: packed, dims: [1, 3, heightPx, widthPx] } });
    const anchors = generateAnchors(this.#layout, widthPx, heightPx);
    const count = anchors.length / 4;
    const logits = outputs[names.scores].data;
    const points = outputs[names.landmarks as string].data;
    const levels = this.#levels(outputs);
    return {
      scores: Float32Array.from({ length: count }, (_, at) => 1 / (1 + Math.exp(logits[at * 2] - logits[at * 2 + 1]))),
      boxesXyxy: decodeBoxes(outputs[names.boxes].data, anchors, variances, new Float32Array(count * 4)),
      landmarks: decodeLandmarks(points, anchors, variances, new Float32Array(count * 10)),
      anchors,
      headOf(anchor) {
        const { level, size } = placeOf(levels, anchor);
        return level.firstHead + size;
      },
      featuresOf(anchor, out) {
        const { level, cell, size } = placeOf(levels, anchor);
        const channels = copyCell(level.features, cell, out);
        copyColours(level.colours, cell, level.dilations[size], out.subarray(channels));
      },
    };
  }

  #levels(outputs: Readonly<Record<string, Tensor>>): LevelMaps[] {
    const kept = ({ data, dims }: Tensor): Tensor => ({ data: data.slice(), dims });
    return this.#maps.map(({ map }, level) => {
      const { stride, sizesPx } = this.#layout.levels[level];
      return {
        features: kept(outputs[map]),
        colours: kept(outputs[this.#colourMaps[level]]),
        dilations: sizesPx.map((sizePx) => colourDilation(stride, sizePx)),
        firstHead: this.levelOfHead.indexOf(level),
      };
    });
  }

  dispose(): Promise<void> {
    return this.#session.dispose();
  }
}

/** Level, cell and anchor size of an anchor. */
function placeOf(levels: readonly LevelMaps[], anchor: number): { level: LevelMaps; cell: number; size: number } {
  let rest = anchor;
  for (const level of levels) {
    const [, , rows, columns] = level.features.dims;
    const sizes = level.dilations.length;
    if (rest < rows * columns * sizes) return { level, cell: Math.floor(rest / sizes), size: rest % sizes };
    rest -= rows * columns * sizes;
  }
  throw new RangeError(`anchor ${anchor} lies behind the last map`);
}

/** All channels of a cell; returns how many. */
function copyCell({ data, dims }: Tensor, cell: number, out: Float32Array): number {
  const [, channels, rows, columns] = dims;
  for (let channel = 0; channel < channels; channel++) out[channel] = data[channel * rows * columns + cell];
  return channels;
}

/** Colours of 3 x 3 cells, zeros beyond the map, as a padded convolution sees them. */
function copyColours({ data, dims }: Tensor, cell: number, dilation: number, out: Float32Array): void {
  const [, channels, rows, columns] = dims;
  const [row, column] = [Math.floor(cell / columns), cell % columns];
  let to = 0;
  for (let channel = 0; channel < channels; channel++) {
    for (let y = row - dilation; y <= row + dilation; y += dilation) {
      for (let x = column - dilation; x <= column + dilation; x += dilation) {
        const inside = y >= 0 && y < rows && x >= 0 && x < columns;
        out[to++] = inside ? data[(channel * rows + y) * columns + x] : 0;
      }
    }
  }
}
