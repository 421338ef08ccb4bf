import { checkJson, type JsonContract, ModelError, readUncheckedJson, shortenText } from '@retinabench/core';
import type { ModelCard } from './card.js';
import { checkComposed } from './check-composed.js';
import { cropPlanOf } from './embedding.js';
import { composedForm } from './preset.js';
import { cardSchema } from './schema.js';

const cardContract: JsonContract = {
  schema: cardSchema,
  what: 'a model card',
  next: 'see docs/models.md for the fields',
  ErrorClass: ModelError,
};

/**
 * Parse and validate a model card.
 *
 * @param json  text of the card.
 * @param place its file name, for messages.
 * @throws {ModelError} naming every field that is missing, unknown or wrong, or the position where the text stops being
 * JSON.
 */
export function parseCard(json: string, place: string): ModelCard {
  return assertCard(readUncheckedJson(json, place, { ...cardContract, next: 'correct the card' }), place);
}

/**
 * Hold a value against the card's schema, and against what the schema cannot say: a detector has a decoder and
 * defaults, any other model an output; the fields of a composed decoder fit each other.
 *
 * @throws {ModelError} naming every disagreement.
 */
export function assertCard(value: unknown, place: string): ModelCard {
  const card = checkJson<ModelCard>(value, place, cardContract);
  const missing =
    card.task === 'face-detection'
      ? card.decoder === undefined
        ? 'decoder'
        : card.defaults === undefined
          ? 'defaults'
          : undefined
      : card.output === undefined
        ? 'output'
        : undefined;
  if (missing !== undefined) {
    throw new ModelError(
      `${place}: ${missing}: expected a value for a model of ${card.task}, got nothing; see docs/models.md`,
    );
  }
  for (const { tensor, dims, values } of card.input.sides ?? []) {
    const count = dims.reduce((product, dim) => product * dim, 1);
    if (values.length !== count || tensor === card.input.tensor) {
      throw new ModelError(
        `${place}: input.sides: ${shortenText(tensor)}: expected ${tensor === card.input.tensor ? "another tensor than the image's" : `${count} values for [${dims.join(', ')}]`}, got ${tensor === card.input.tensor ? 'the same' : values.length}; see docs/models.md`,
      );
    }
  }
  if (card.embedding !== undefined) {
    if (card.task !== 'face-embedding') {
      throw new ModelError(`${place}: embedding: expected a model of face-embedding, got ${card.task}; leave it out`);
    }
    cropPlanOf(card.input, card.embedding, place);
  }
  if (card.decoder !== undefined) checkDecoder(card, place);
  return card;
}

function checkDecoder({ decoder, defaults, landmarks }: ModelCard, place: string): void {
  if (decoder === undefined) return;
  if (decoder.kind === 'composed') checkComposed(decoder, `${place}: decoder`, landmarks);
  const { suppressed, landmarks: points } = composedForm(decoder);
  if (landmarks && points === undefined) {
    throw new ModelError(
      `${place}: decoder: expected outputs of landmarks, as the card's landmarks is true, got none; name them, or set landmarks to false`,
    );
  }
  if (decoder.kind === 'retinaface' && decoder.denseFrame === 'face') checkDenseFrame(decoder, landmarks, place);
  if (suppressed === undefined && defaults !== undefined && defaults.nmsIou === undefined) {
    throw new ModelError(
      `${place}: defaults.nmsIou: expected a number, as the network does not suppress by itself, got nothing; see docs/models.md`,
    );
  }
}

/** The crop of a face is turned by its landmarks, so that a head whose camera looks at it needs them. */
function checkDenseFrame(
  { outputs }: Extract<ModelCard['decoder'], { kind: 'retinaface' }>,
  landmarks: boolean,
  place: string,
): void {
  if (outputs.dense !== undefined && outputs.landmarks !== undefined && landmarks) return;
  throw new ModelError(
    `${place}: decoder.denseFrame: expected outputs.dense and landmarks beside "face", got ${outputs.dense === undefined ? 'no dense output' : 'no landmarks'}; name them, or leave denseFrame out`,
  );
}
