import type { CardDecoder } from '@retinabench/models';
import { decodedBoxesDecoder } from './decoded-boxes.js';
import type { Decoder } from './decoder.js';
import { retinafaceDecoder } from './retinaface.js';
import { scrfdDecoder } from './scrfd.js';
import { yunetDecoder } from './yunet.js';

/** The decoder that a card asks for. */
export function decoderFor(card: CardDecoder): Decoder {
  switch (card.kind) {
    case 'retinaface':
      return retinafaceDecoder(card);
    case 'scrfd':
      return scrfdDecoder(card);
    case 'yunet':
      return yunetDecoder(card);
    case 'corners':
    case 'boxes':
      return decodedBoxesDecoder(card);
  }
}
