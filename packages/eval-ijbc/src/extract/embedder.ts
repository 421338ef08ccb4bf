import { assertCardFits, type RgbImage, type Session, sideFeeds, type Tensor } from '@retinabench/backends';
import { BackendError, ModelError, packImage, ShapeError } from '@retinabench/core';
import type { ModelCard } from '@retinabench/models';

/** A crop to embed. */
export interface EmbedderInput {
  readonly crop: RgbImage;
  /** Mirror it left to right first. */
  readonly mirror: boolean;
}

/** An embedding network, configured by its card. Not re-entrant. */
export interface Embedder {
  /**
   * Embed crops, in one run where the network takes batches.
   *
   * @returns one feature for each input.
   * @throws {ShapeError} if a crop has not the sides that the network takes.
   * @throws {ModelError} if a feature is not finite.
   * @throws {BackendError} if the runtime fails.
   */
  embed(inputs: readonly EmbedderInput[]): Promise<Float32Array[]>;
}

/**
 * Make an embedder of a session.
 *
 * A network of fixed input size is tried once with two black images, whether it takes batches; one that takes crops of any
 * size runs one by one.
 *
 * @throws {ModelError} if the card is not that of an embedder, its input is padded, or the card does not
 * fit the network (assertCardFits).
 */
export async function createEmbedder(card: ModelCard, session: Session): Promise<Embedder> {
  const { size } = card.input;
  const { output } = card;
  if (card.task !== 'face-embedding' || output === undefined || size.rule === 'multiple') {
    throw new ModelError(
      `model ${card.id}: expected the card of a face embedder with an output and unpadded input, got task ${card.task}; choose an embedder`,
    );
  }
  assertCardFits(card, session);
  const run = (inputs: readonly EmbedderInput[]): Promise<Float32Array[]> => runBatch(card, output, session, inputs);
  const runEach = async (inputs: readonly EmbedderInput[]): Promise<Float32Array[]> => {
    const features: Float32Array[] = [];
    for (const input of inputs) features.push(...(await run([input])));
    return features;
  };
  if (size.rule === 'any') return { embed: runEach };

  const { widthPx, heightPx } = size;
  const assertSides = ({ crop }: EmbedderInput): void => {
    if (crop.widthPx !== widthPx || crop.heightPx !== heightPx) {
      throw new ShapeError(
        `model ${card.id}: expected crops of ${widthPx} x ${heightPx}, got ${crop.widthPx} x ${crop.heightPx}; choose the alignment that the model was trained with`,
      );
    }
  };
  const black = { crop: { widthPx, heightPx, data: new Uint8Array(widthPx * heightPx * 3) }, mirror: false };
  const takesBatches = await run([black, black]).then(
    () => true,
    () => false,
  );
  return {
    embed: async (inputs) => {
      inputs.forEach(assertSides);
      return takesBatches ? run(inputs) : runEach(inputs);
    },
  };
}

/** @param inputs of the same sides. */
async function runBatch(
  { id, input }: ModelCard,
  output: string,
  session: Session,
  inputs: readonly EmbedderInput[],
): Promise<Float32Array[]> {
  const { tensor, layout, colourOrder, mean, scale } = input;
  const { widthPx, heightPx } = inputs[0].crop;
  const length = widthPx * heightPx * 3;
  const data = new Float32Array(inputs.length * length);
  inputs.forEach(({ crop, mirror }, i) => {
    const frame = { widthPx, heightPx, inputWidthPx: widthPx, inputHeightPx: heightPx, offsetXPx: 0, offsetYPx: 0 };
    packImage(
      crop.data,
      { ...frame, layout, colourOrder, mean, scale, padValue: 0, mirror },
      data.subarray(i * length, (i + 1) * length),
    );
  });
  const sides = sideFeeds(input, {
    inputWidth: widthPx,
    inputHeight: heightPx,
    imageWidth: widthPx,
    imageHeight: heightPx,
  });
  const dims = layout === 'NCHW' ? [inputs.length, 3, heightPx, widthPx] : [inputs.length, heightPx, widthPx, 3];
  const outputs = await session.run({ [tensor]: { data, dims }, ...sides });
  return splitRows(outputs[output], inputs.length, `model ${id}: output ${output}`);
}

function splitRows({ data, dims }: Tensor, rows: number, place: string): Float32Array[] {
  if (rows > 1 && dims[0] !== rows) {
    throw new BackendError(`${place}: expected one feature for each of ${rows} crops, got [${dims.join(', ')}]`);
  }
  const dimensions = data.length / rows;
  if (!Number.isInteger(dimensions) || dimensions === 0) {
    throw new BackendError(`${place}: expected one feature for each of ${rows} crops, got ${data.length} numbers`);
  }
  const broken = data.find((value) => !Number.isFinite(value));
  if (broken !== undefined) {
    throw new ModelError(
      `${place}: expected finite features, got ${broken}; the model or the backend is broken, compare backends with retinabench parity`,
    );
  }
  return Array.from({ length: rows }, (_, row) => data.slice(row * dimensions, (row + 1) * dimensions));
}
