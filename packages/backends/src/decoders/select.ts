import { type CardDecoder, composedForm } from '@retinabench/models';
import { composedDecoder } from './composed/composed.js';
import type { Decoder } from './decoder.js';
import { expectedOutputs } from './expected-outputs.js';
import { assertFiniteOutputs, assertFiniteScores } from './finite-outputs.js';
import { retinafaceDecoder } from './retinaface.js';

/**
 * The decoder that a card asks for; RetinaFace has a faster one of its own, which also reads the dense head. Whatever the
 * decoder, its boxes have positive, finite sides: others are dropped, and where the network's own numbers are not finite
 * it is refused.
 */
export function decoderFor(card: CardDecoder): Decoder {
  const decode = card.kind === 'retinaface' ? retinafaceDecoder(card) : composedDecoder(composedForm(card));
  const outputs = expectedOutputs(card);
  return (pass, scoreFloor, candidates) => {
    assertFiniteScores(pass, outputs);
    const from = candidates.count;
    decode(pass, scoreFloor, candidates);
    if (candidates.hasNonFinite(from)) assertFiniteOutputs(pass, outputs);
    candidates.dropDegenerate(from);
  };
}
