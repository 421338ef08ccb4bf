/** What the header of an image file says. */
export interface ImageHeader {
  readonly format: 'jpeg' | 'png';
  /** As stored: EXIF rotation is not applied. */
  readonly widthPx: number;
  readonly heightPx: number;
}

/** Frame headers: SOF0 to SOF15 without DHT, JPG and DAC, which lie between them. */
const isFrameHeader = (marker: number): boolean =>
  marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;

const pngSignature = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

/**
 * Read width and height from the header of a JPEG or PNG file; nothing is decoded.
 *
 * @param bytes the file, or its start; 256 kB hold the frame header of any photograph.
 * @returns undefined if it is neither, or its header does not say.
 * Cost: O(segments before the frame), allocates a view.
 * Source: ITU-T T.81, B.1.1 and B.2.2; PNG specification, 11.2.2.
 */
export function readImageHeader(bytes: Uint8Array): ImageHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length >= 24 && pngSignature.every((byte, at) => bytes[at] === byte)) {
    return { format: 'png', widthPx: view.getUint32(16), heightPx: view.getUint32(20) };
  }
  if (bytes.length < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  for (let at = 2; at + 9 <= bytes.length; ) {
    if (bytes[at] !== 0xff) return undefined;
    if (isFrameHeader(bytes[at + 1])) {
      return { format: 'jpeg', widthPx: view.getUint16(at + 7), heightPx: view.getUint16(at + 5) };
    }
    // A fill byte stands alone; any other segment states its length.
    at += bytes[at + 1] === 0xff ? 1 : 2 + view.getUint16(at + 2);
  }
  return undefined;
}
