import { ProtocolError } from '@retinabench/core';
import { type ModelCard, pointSetOf } from '@retinabench/models';

/**
 * Make sure that a model gives the five points that turn a face upright.
 *
 * @throws {ProtocolError} naming models that do.
 */
export function requireLandmarks({ id, landmarks }: ModelCard): void {
  if (landmarks) return;
  throw new ProtocolError(
    `--align: model ${id} gives no landmarks, which turn a face upright; choose one that does, such as retinaface-mnet025 or yunet-n`,
  );
}

/** Names of all points of a face, where the card has more or others than the five landmarks and names them. */
export function pointNamesOf(card: ModelCard): { readonly pointNames?: readonly string[] } {
  const names = pointSetOf(card)?.names;
  return names === undefined ? {} : { pointNames: names };
}
