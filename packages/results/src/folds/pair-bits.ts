const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/**
 * Pack zeros and ones into base64, eight a byte from the lowest bit on.
 *
 * @param bits Uint8Array of 0 and 1.
 */
export function encodeBits(bits: Uint8Array): string {
  const bytes = new Uint8Array(Math.ceil(bits.length / 8));
  for (let i = 0; i < bits.length; i++) if (bits[i] === 1) bytes[i >> 3] |= 1 << (i & 7);
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const group = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    const characters = Math.min(4, bytes.length - at + 1);
    for (let i = 0; i < characters; i++) text += alphabet[(group >> (18 - 6 * i)) & 63];
  }
  return text;
}

/**
 * The inverse of encodeBits.
 *
 * @returns Uint8Array [count]; undefined if the text is not of so many bits.
 */
export function decodeBits(text: string, count: number): Uint8Array | undefined {
  const byteCount = Math.ceil(count / 8);
  if (text.length !== Math.ceil((byteCount * 4) / 3)) return undefined;
  const bytes = new Uint8Array(byteCount);
  for (let at = 0; at < text.length; at++) {
    const value = alphabet.indexOf(text[at]);
    if (value < 0) return undefined;
    for (let bit = 0; bit < 6; bit++) {
      const place = at * 6 + bit;
      if ((value >> (5 - bit)) & 1 && place >> 3 < byteCount) bytes[place >> 3] |= 128 >> (place & 7);
    }
  }
  return Uint8Array.from({ length: count }, (_, i) => (bytes[i >> 3] >> (i & 7)) & 1);
}
