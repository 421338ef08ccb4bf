import { ModelError, ShapeError } from '@retinabench/core';
import { type CardInput, inputTypes, type ModelCard } from '@retinabench/models';
import type { Session, Tensor } from '../backend/backend.js';
import { isNumeric } from '../backend/elements.js';
import { formatDims, type TensorSignature } from '../backend/network-signature.js';
import { Candidates } from './candidates.js';
import { type ExpectedOutput, expectedOutputs } from './expected-outputs.js';
import { decoderFor } from './select.js';

/**
 * Hold a card against the network that it describes, before the first image: the names of the tensors, and where the
 * runtime tells them, element types and dimensions. What depends on the image (the number of rows of a network of free
 * size) only a run shows.
 *
 * @param session of the card's model.
 * @throws {ModelError} naming the tensor, what the card says of it and what the network has.
 */
export function assertCardFits(card: ModelCard, session: Session): void {
  const place = `model ${card.id}`;
  assertInputFits(card.input, session, place);
  const outputs: readonly Omit<ExpectedOutput, 'role'>[] =
    card.decoder === undefined ? [{ name: card.output ?? '' }] : expectedOutputs(card.decoder);
  for (const output of outputs) assertOutputFits(output, session, place);
  assertRowsFit(card, session, place);
}

function assertInputFits(input: CardInput, session: Session, place: string): void {
  const fed = [input.tensor, ...(input.sides ?? []).map(({ tensor }) => tensor)];
  const missing = fed.find((name) => !session.inputNames.includes(name));
  if (missing !== undefined) {
    throw new ModelError(
      `${place}: the card names an input ${missing}; the network has ${session.inputNames.join(', ')}; correct the card`,
    );
  }
  const others = session.inputNames.filter((name) => !fed.includes(name));
  if (others.length > 0) {
    throw new ModelError(
      `${place}: the network also takes ${others.join(', ')}, of which the card says nothing; name what they are fed in the card's input.sides`,
    );
  }
  const signature = session.signature?.inputs.find(({ name }) => name === input.tensor);
  if (signature === undefined) return;
  const at = `${place}: input ${input.tensor}`;
  const { type = 'float32' } = input;
  const { elementType } = signature;
  if (elementType !== type) {
    const next = (inputTypes as readonly string[]).includes(elementType)
      ? `correct the card's input.type`
      : `export the model with an input of ${inputTypes.join(', ')}`;
    throw new ModelError(`${at}: expected ${type} elements, as the card says, got ${elementType}; ${next}`);
  }
  assertDimensionsFit(input, signature, at);
}

function assertDimensionsFit({ layout, size }: CardInput, { dims }: TensorSignature, at: string): void {
  if (dims === undefined) return;
  const shown = formatDims(dims);
  if (dims.length !== 4) {
    throw new ModelError(
      `${at}: expected four dimensions (${layout}), got ${dims.length}: ${shown}; export the model for a batch of images`,
    );
  }
  const [batch, channels, heightPx, widthPx] = layout === 'NCHW' ? dims : [dims[0], dims[3], dims[1], dims[2]];
  if (batch !== undefined && batch !== 1) {
    throw new ModelError(`${at}: expected a batch of 1, got ${batch}: ${shown}; export the model for one image`);
  }
  if (channels !== undefined && channels !== 3) {
    const other = layout === 'NCHW' ? 'NHWC' : 'NCHW';
    const isOther = (layout === 'NCHW' ? dims[3] : dims[1]) === 3;
    throw new ModelError(
      isOther
        ? `${at}: the card says ${layout}, the network's dimensions ${shown} are ${other}; correct the card's layout`
        : `${at}: expected 3 channels (${layout}), got ${channels}: ${shown}; choose a model of colour images`,
    );
  }
  const cardWidthPx = size.rule === 'fixed' ? size.widthPx : undefined;
  const cardHeightPx = size.rule === 'fixed' ? size.heightPx : undefined;
  const disagrees = (takes: number | undefined, card: number | undefined): boolean =>
    takes !== undefined && takes !== card;
  if (!disagrees(widthPx, cardWidthPx) && !disagrees(heightPx, cardHeightPx)) return;
  const takes = `${widthPx ?? 'any width'} x ${heightPx ?? 'any height'}`;
  throw new ModelError(
    `${at}: the network takes a fixed size, ${takes} alone (${shown}), and the card says ${sizeWords(size)}; correct the card's size rule`,
  );
}

function sizeWords(size: CardInput['size']): string {
  switch (size.rule) {
    case 'any':
      return 'any size';
    case 'multiple':
      return `any multiple of ${size.of}`;
    case 'fixed':
      return `${size.widthPx} x ${size.heightPx}`;
  }
}

function assertOutputFits({ name, columns }: Omit<ExpectedOutput, 'role'>, session: Session, place: string): void {
  if (!session.outputNames.includes(name)) {
    throw new ModelError(
      `${place}: the card names an output ${name}; the network has ${session.outputNames.join(', ')}; correct the card`,
    );
  }
  const signature = session.signature?.outputs.find((output) => output.name === name);
  if (signature === undefined) return;
  const { elementType, dims } = signature;
  const at = `${place}: output ${name}`;
  if (!isNumeric(elementType)) {
    throw new ModelError(`${at}: expected numbers, got ${elementType}; export the model with float32 outputs`);
  }
  const last = dims?.at(-1);
  if (dims !== undefined && columns !== undefined && last !== undefined && last !== columns) {
    throw new ModelError(
      `${at}: expected rows of ${columns} numbers, got ${formatDims(dims)}; correct the card's decoder, or the names of its tensors`,
    );
  }
}

/**
 * Decode outputs of the network's own dimensions that hold nothing but zeros, where all of them are known. Exporters leave
 * the dimensions of a trace in outputs of networks of free size, so that they are believed only where the input is fixed.
 */
function assertRowsFit({ decoder, input: { size } }: ModelCard, { signature }: Session, place: string): void {
  if (decoder === undefined || size.rule !== 'fixed' || signature === undefined) return;
  if (!signature.inputs.every(isFixed) || !signature.outputs.every(isFixed)) return;
  const tensors: Record<string, Tensor> = {};
  for (const { name, dims } of signature.outputs) {
    const known = dims as number[];
    tensors[name] = { data: new Float32Array(known.reduce((product, dim) => product * dim, 1)), dims: known };
  }
  const outputs = { tensors, inputWidthPx: size.widthPx, inputHeightPx: size.heightPx, place };
  try {
    decoderFor(decoder)(outputs, Number.POSITIVE_INFINITY, new Candidates());
  } catch (cause) {
    throw cause instanceof ShapeError ? new ModelError(cause.message, { cause }) : cause;
  }
}

function isFixed({ dims }: TensorSignature): boolean {
  return dims?.every((dim) => dim !== undefined) ?? false;
}
