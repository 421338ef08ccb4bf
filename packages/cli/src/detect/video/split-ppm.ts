import type { RgbImage } from '@retinabench/backends';
import { DatasetError } from '@retinabench/core';

/** Longest header of an image as ffmpeg writes it: `P6`, sides and depth, each on a line. */
const longestHeader = 64;

/**
 * Split a stream of binary PPM images, one after another, into images.
 *
 * @param place the file's name, for messages.
 * @throws {DatasetError} if the stream is not a PPM of 8 bits, or ends within an image.
 * Cost: memory of one image, and of what the stream has read ahead.
 * Source: the PPM format description of Netpbm, as ffmpeg writes it: no comments.
 */
export async function* splitPpm(stream: AsyncIterable<Uint8Array>, place: string): AsyncGenerator<RgbImage> {
  let chunks: Uint8Array[] = [];
  let held = 0;
  let wanted = 0;
  let header: { widthPx: number; heightPx: number; bytes: number } | undefined;
  for await (const chunk of stream) {
    chunks.push(chunk);
    held += chunk.length;
    while (held > 0 && held >= wanted) {
      const joined = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
      chunks = [joined];
      if (header === undefined) {
        header = readHeader(joined, place);
        wanted = header === undefined ? held + 1 : header.bytes + header.widthPx * header.heightPx * 3;
        continue;
      }
      const { widthPx, heightPx, bytes } = header;
      yield { widthPx, heightPx, data: new Uint8Array(joined.subarray(bytes, wanted)) };
      chunks = [joined.subarray(wanted)];
      held -= wanted;
      wanted = 0;
      header = undefined;
    }
  }
  if (held > 0)
    throw new DatasetError(
      `${place}: expected whole frames, got one that ends after ${held} bytes; the video may be damaged`,
    );
}

/** The header at the start, if all of it is there. */
function readHeader(
  bytes: Uint8Array,
  place: string,
): { widthPx: number; heightPx: number; bytes: number } | undefined {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, longestHeader)).toString('latin1');
  const match = /^P6\s(\d+)\s(\d+)\s255\s/.exec(text);
  if (match !== null) return { widthPx: Number(match[1]), heightPx: Number(match[2]), bytes: match[0].length };
  if (text.length < longestHeader && /^(P(6(\s[\d\s]*)?)?)?$/.test(text)) return undefined;
  throw new DatasetError(`${place}: expected frames as PPM from ffmpeg, got ${JSON.stringify(text.slice(0, 20))}`);
}
