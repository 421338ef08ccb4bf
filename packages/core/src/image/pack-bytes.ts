import type { PackOptions } from './pack-options.js';

/** Four RGB pixels are three words of this. */
const pixelsPerStep = 4;

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Whether `packBytes` can write this image: whole words of four pixels, planes, not mirrored. */
export function canPackBytes(image: Uint8Array | Float32Array, options: PackOptions): image is Uint8Array {
  return (
    isLittleEndian &&
    image instanceof Uint8Array &&
    image.byteOffset % Int32Array.BYTES_PER_ELEMENT === 0 &&
    options.widthPx % pixelsPerStep === 0 &&
    options.layout === 'NCHW' &&
    !options.mirror
  );
}

/**
 * Write an interleaved RGB image of bytes as planes: the same numbers as one pixel at a time, 1.7 times as fast. Four
 * pixels are read as three words, and what a grey level becomes is looked up.
 *
 * @param image Uint8Array [height, width, 3] for which `canPackBytes` holds.
 * @param out   Float32Array [1, 3, inputHeight, inputWidth].
 */
export function packBytes(image: Uint8Array, options: PackOptions, out: Float32Array): void {
  const { widthPx, heightPx, inputWidthPx, inputHeightPx, offsetXPx, offsetYPx, mean, scale } = options;
  const words = new Int32Array(image.buffer, image.byteOffset, image.length / Int32Array.BYTES_PER_ELEMENT);
  const planePx = inputWidthPx * inputHeightPx;
  const first = options.colourOrder === 'rgb' ? 0 : 2;
  const [red, green, blue] = [first, 1, 2 - first].map((channel) => ({
    table: Float32Array.from({ length: 256 }, (_, level) => (level - mean[channel]) * scale[channel]),
    plane: out.subarray(channel * planePx, (channel + 1) * planePx),
  }));
  const [redTable, greenTable, blueTable] = [red.table, green.table, blue.table];
  const [redPlane, greenPlane, bluePlane] = [red.plane, green.plane, blue.plane];
  let word = 0;
  for (let y = 0; y < heightPx; y++) {
    const from = (y + offsetYPx) * inputWidthPx + offsetXPx;
    for (let to = from; to < from + widthPx; to += pixelsPerStep, word += 3) {
      // Bytes of the three words, lowest first: r g b r | g b r g | b r g b.
      const a = words[word];
      const b = words[word + 1];
      const c = words[word + 2];
      redPlane[to] = redTable[a & 255];
      redPlane[to + 1] = redTable[a >>> 24];
      redPlane[to + 2] = redTable[(b >> 16) & 255];
      redPlane[to + 3] = redTable[(c >> 8) & 255];
      greenPlane[to] = greenTable[(a >> 8) & 255];
      greenPlane[to + 1] = greenTable[b & 255];
      greenPlane[to + 2] = greenTable[b >>> 24];
      greenPlane[to + 3] = greenTable[(c >> 16) & 255];
      bluePlane[to] = blueTable[(a >> 16) & 255];
      bluePlane[to + 1] = blueTable[(b >> 8) & 255];
      bluePlane[to + 2] = blueTable[c & 255];
      bluePlane[to + 3] = blueTable[c >>> 24];
    }
  }
}
