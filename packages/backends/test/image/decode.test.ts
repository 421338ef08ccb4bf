import { DatasetError } from '@retinabench/core';
import sharp from 'sharp';
import { describe, expect, test } from 'vitest';
import { decodeImage } from '../../src/image/decode.js';

/** 2 x 1: red, blue. */
const pixels = Buffer.from([255, 0, 0, 0, 0, 255]);
const raw = { width: 2, height: 1, channels: 3 } as const;

describe('decodeImage', () => {
  test('gives RGB rows without padding', async () => {
    const image = await decodeImage(await sharp(pixels, { raw }).png().toBuffer(), 'two.png');
    expect(image).toMatchObject({ widthPx: 2, heightPx: 1 });
    expect([...image.data]).toEqual([...pixels]);
  });

  test('applies the EXIF orientation, as OpenCV does', async () => {
    // Orientation 3 is a half turn.
    const turned = await sharp(pixels, { raw }).withMetadata({ orientation: 3 }).png().toBuffer();
    expect([...(await decodeImage(turned, 'turned.png')).data]).toEqual([0, 0, 255, 255, 0, 0]);
  });

  test('makes three channels of grey and of transparent images', async () => {
    const grey = await sharp(Buffer.from([7, 9]), { raw: { width: 2, height: 1, channels: 1 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(grey, 'grey.png')).data]).toEqual([7, 7, 7, 9, 9, 9]);
    const clear = await sharp(Buffer.from([1, 2, 3, 0]), { raw: { width: 1, height: 1, channels: 4 } })
      .png()
      .toBuffer();
    expect([...(await decodeImage(clear, 'clear.png')).data]).toEqual([1, 2, 3]);
  });

  test('names the file that is missing, truncated or no image', async () => {
    const noise = Buffer.from(Array.from({ length: 64 * 64 * 3 }, (_, at) => (at * 7919) % 256));
    const jpeg = await sharp(noise, { raw: { width: 64, height: 64, channels: 3 } })
      .jpeg()
      .toBuffer();
    await expect(decodeImage(jpeg.subarray(0, jpeg.length / 2), 'half.jpg')).rejects.toThrow(DatasetError);
    await expect(decodeImage(jpeg.subarray(0, jpeg.length / 2), 'half.jpg')).rejects.toThrow(
      /^half.jpg: expected an image/,
    );
    await expect(decodeImage(Buffer.from('text'), 'text.jpg')).rejects.toThrow(DatasetError);
    await expect(decodeImage('no/such.jpg', 'no/such.jpg')).rejects.toThrow(DatasetError);
  });
});
