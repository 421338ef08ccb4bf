import { type CardDecoder, composedForm } from '@retinabench/models';
import { composedDecoder } from './composed/composed.js';
import type { Decoder } from './decoder.js';
import { retinafaceDecoder } from './retinaface.js';

/** The decoder that a card asks for; RetinaFace has a faster one of its own, which also reads the dense head. */
export function decoderFor(card: CardDecoder): Decoder {
  return card.kind === 'retinaface' ? retinafaceDecoder(card) : composedDecoder(composedForm(card));
}
