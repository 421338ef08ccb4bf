import { ProtocolError } from '@retinabench/core';
import { cardDigest, denseModel } from '@retinabench/models/node';
import { type DetectionFlags, type ResolvedDetector, resolveDetector } from '../detection/resolve-detector.js';

/**
 * Resolve a detector with a dense head, whose run keeps the 68 points of its meshes: that of the model, or else the trained one
 * where it belongs to the network.
 *
 * @throws {ProtocolError} if the run is to go over a queue, whose workers keep five points.
 * @throws {ModelError} if the model has no dense head, and the trained one belongs to another.
 */
export async function denseDetector(flags: DetectionFlags): Promise<ResolvedDetector> {
  if (flags.queue !== undefined) {
    throw new ProtocolError('--detected mesh: expected workers of this machine, got --queue; leave it out');
  }
  const detector = await resolveDetector(flags, true);
  const model = await denseModel(detector.model);
  const { id, sha256 } = model.card;
  return {
    ...detector,
    model,
    identity: { ...detector.identity, model: { id, sha256, cardSha256: cardDigest(model.card) }, meshPoints: true },
  };
}
