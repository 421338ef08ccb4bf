import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatasetError } from '@retinabench/core';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCrop, makeThumbnail } from '../../../src/report/gallery/thumbnail.js';

let root: string;
let turned: string;

/** Stored 100 x 200, shown 200 x 100: the upper half as stored is red, which is the right half as shown. */
beforeAll(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'retinabench-thumbnail-'));
  turned = path.join(root, 'turned.jpg');
  const red = { create: { width: 100, height: 100, channels: 3, background: '#ff0000' } } as const;
  await sharp({ create: { width: 100, height: 200, channels: 3, background: '#0000ff' } })
    .composite([{ input: await sharp(red).png().toBuffer(), top: 0, left: 0 }])
    .withMetadata({ orientation: 6 })
    .jpeg()
    .toFile(turned);
});

afterAll(() => rm(root, { recursive: true }));

/** Means of red, green and blue as shares of the full value, rounded: the colour of an image of one. */
async function colourOf(picture: Sharp): Promise<number[]> {
  const { channels } = await sharp(await picture.png().toBuffer()).stats();
  return channels.map(({ mean }) => Math.round(mean / 255));
}

const pictureOf = (url: string | undefined): Sharp => sharp(Buffer.from(url?.split(',')[1] ?? '', 'base64'));

describe('pictures of the gallery', () => {
  it('are turned by their orientation, since boxes are those of the image as the detectors saw it', async () => {
    const { url, widthPx, heightPx, scale } = await makeThumbnail(turned);
    expect([widthPx, heightPx, scale]).toEqual([200, 100, 1]);
    expect(await colourOf(pictureOf(url).extract({ left: 110, top: 0, width: 90, height: 100 }))).toEqual([1, 0, 0]);
    expect(await colourOf(pictureOf(url).extract({ left: 0, top: 0, width: 90, height: 100 }))).toEqual([0, 0, 1]);
  });

  it('cuts faces out of the image as it is shown', async () => {
    // With half of its size around it the first face lies from 120 to 200, in red; the second from 0 to 60, in blue.
    expect(await colourOf(pictureOf(await makeCrop(turned, [140, 30, 40, 40])))).toEqual([1, 0, 0]);
    expect(await colourOf(pictureOf(await makeCrop(turned, [15, 30, 30, 30])))).toEqual([0, 0, 1]);
    expect(await makeCrop(turned, [230, 30, 30, 30])).toBeUndefined();
  });

  it('name the file that is no image', async () => {
    const file = path.join(root, 'text.jpg');
    await writeFile(file, 'no image');
    await expect(makeThumbnail(file)).rejects.toThrow(DatasetError);
    await expect(makeCrop(file, [0, 0, 9, 9])).rejects.toThrow(`${file}: expected an image for the gallery`);
  });
});
