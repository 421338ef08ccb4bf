import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bundlePrograms, executable, openChromium, openPage, SmallServer } from './served-page.js';

/** 4 x 3 pixels, every byte another: pixel i is (20 i, 20 i + 5, 255 - 20 i). */
const rgb = Array.from({ length: 12 }, (_, i) => [20 * i, 20 * i + 5, 255 - 20 * i]).flat();

/**
 * What the page does: `pictures` makes the 4 x 3 pixels in every form, `read` gives their RGB or the error that it throws.
 */
const program = `
  import { PixelReader } from '@retinabench/backends/browser';
  const reader = new PixelReader();
  const rgba = new Uint8ClampedArray(48).fill(255);
  for (let i = 0; i < 12; i++) rgba.set([20 * i, 20 * i + 5, 255 - 20 * i], 4 * i);
  const imageData = new ImageData(rgba, 4, 3);
  const drawn = (canvas) => {
    canvas.width = 4;
    canvas.height = 3;
    canvas.getContext('2d').putImageData(imageData, 0, 0);
    return canvas;
  };
  const loaded = async (src, image = new Image()) => {
    image.src = src;
    await image.decode();
    return image;
  };
  const pictures = {
    ImageData: () => imageData,
    ImageBitmap: () => createImageBitmap(imageData),
    OffscreenCanvas: () => drawn(new OffscreenCanvas(4, 3)),
    HTMLCanvasElement: () => drawn(document.createElement('canvas')),
    HTMLImageElement: () => loaded('/pixels.png'),
    'HTMLImageElement shown at another size': async () => Object.assign(await loaded('/pixels.png'), { width: 400, height: 20 }),
    'HTMLImageElement of a frame': async () => {
      const frame = document.body.appendChild(document.createElement('iframe'));
      return loaded('/pixels.png', frame.contentDocument.createElement('img'));
    },
    VideoFrame: () => new VideoFrame(rgba, { format: 'RGBX', codedWidth: 4, codedHeight: 3, timestamp: 0 }),
    'RGB bytes': () => ({ widthPx: 4, heightPx: 3, data: Uint8Array.from({ length: 36 }, (_, at) => rgba[Math.floor(at / 3) * 4 + (at % 3)]) }),
    'ImageData in Display P3': () => new ImageData(new Uint8ClampedArray(48).fill(255), 4, 3, { colorSpace: 'display-p3' }),
    'transparent ImageData': () => new ImageData(rgba.map((value, at) => (at % 4 === 3 ? 0 : value)), 4, 3),
    'HTMLVideoElement': async () => {
      const canvas = document.createElement('canvas');
      Object.assign(canvas, { width: 64, height: 48 });
      const context = canvas.getContext('2d');
      const video = document.createElement('video');
      Object.assign(video, { muted: true, srcObject: canvas.captureStream(30) });
      const draw = () => { context.fillStyle = '#c86432'; context.fillRect(0, 0, 64, 48); requestAnimationFrame(draw); };
      draw();
      await video.play();
      return video;
    },
    'image that did not load': () => new Promise((resolve) => {
      const image = new Image();
      image.onerror = () => resolve(image);
      image.src = '/missing.png';
    }),
    'image without src': () => new Image(),
    'image that loads': () => Object.assign(new Image(), { src: '/pixels.png?later' }),
    'image of another origin': () => loaded(globalThis.elsewhere + '/pixels.png'),
    'canvas with an image of another origin': async () => {
      const canvas = drawn(new OffscreenCanvas(4, 3));
      canvas.getContext('2d').drawImage(await loaded(globalThis.elsewhere + '/pixels.png'), 0, 0);
      return canvas;
    },
    'video without a frame': () => document.createElement('video'),
    'closed bitmap': async () => { const bitmap = await createImageBitmap(imageData); bitmap.close(); return bitmap; },
    'closed frame': () => {
      const frame = new VideoFrame(rgba, { format: 'RGBX', codedWidth: 4, codedHeight: 3, timestamp: 0 });
      frame.close();
      return frame;
    },
    'empty canvas': () => Object.assign(document.createElement('canvas'), { width: 0 }),
    'file': () => new File([], 'photograph.jpg'),
    'address': () => '/pixels.png',
    'nothing': () => undefined,
    'element': () => document.createElement('p'),
    'promise': () => createImageBitmap(imageData),
  };
  globalThis.read = async (name, awaited = true) => {
    const made = pictures[name]();
    const picture = awaited ? await made : made;
    try {
      const { widthPx, heightPx, data } = reader.read(picture);
      return { widthPx, heightPx, data: [...data] };
    } catch (error) {
      return { name: error.name, message: error.message };
    }
  };
  globalThis.ready = true;
`;

describe.skipIf(!existsSync(executable))(
  `pictures of a page in Chromium (skipped where ${executable} is absent)`,
  () => {
    let browser: Browser;
    let server: SmallServer;
    let elsewhere: SmallServer;
    let page: Page;

    beforeAll(async () => {
      const png = await sharp(Uint8Array.from(rgb), { raw: { width: 4, height: 3, channels: 3 } })
        .png()
        .toBuffer();
      server = await SmallServer.start({ ...(await bundlePrograms({ main: program })), '/pixels.png': png });
      elsewhere = await SmallServer.start({ '/pixels.png': png });
      browser = await openChromium(['--autoplay-policy=no-user-gesture-required']);
      page = await openPage(browser, server);
      await page.evaluate((url) => Object.assign(globalThis, { elsewhere: url }), elsewhere.url);
    });
    afterAll(async () => {
      await browser?.close();
      server?.close();
      elsewhere?.close();
    });

    const read = (name: string, awaited = true): Promise<unknown> =>
      page.evaluate(
        ([asked, wait]) =>
          (globalThis as unknown as { read(name: string, awaited: boolean): unknown }).read(asked, wait),
        [name, awaited] as const,
      );

    test.each([
      'ImageData',
      'ImageBitmap',
      'OffscreenCanvas',
      'HTMLCanvasElement',
      'HTMLImageElement',
      'HTMLImageElement shown at another size',
      'HTMLImageElement of a frame',
      'VideoFrame',
      'RGB bytes',
      'transparent ImageData',
    ])('%s gives the RGB of its pixels, byte for byte', async (name) => {
      expect(await read(name)).toEqual({ widthPx: 4, heightPx: 3, data: rgb });
    });

    test('white in Display P3 is white', async () => {
      expect(await read('ImageData in Display P3')).toEqual({ widthPx: 4, heightPx: 3, data: Array(36).fill(255) });
    });

    test('HTMLVideoElement gives the frame that it shows', async () => {
      const { widthPx, heightPx, data } = (await read('HTMLVideoElement')) as {
        widthPx: number;
        heightPx: number;
        data: number[];
      };
      expect([widthPx, heightPx]).toEqual([64, 48]);
      // A frame may have passed YUV, which moves a value by a few levels: #c86432.
      [200, 100, 50].forEach((value, channel) => {
        expect(Math.abs(data[(24 * 64 + 32) * 3 + channel] - value)).toBeLessThanOrEqual(6);
      });
    });

    test.each([
      ['image that did not load', /missing\.png did not load/],
      ['image without src', /has no src/],
      ['image that loads', /has not loaded; await image\.decode\(\)/],
      ['image of another origin', /another origin.*crossOrigin = 'anonymous'/],
      ['canvas with an image of another origin', /another origin/],
      ['video without a frame', /no frame yet \(readyState 0\); wait for its event loadeddata/],
      ['closed bitmap', /it was closed/],
      ['closed frame', /it was closed/],
      ['empty canvas', /its sides are 0/],
      ['file', /got File; await createImageBitmap\(file\)/],
      ['address', /got String; load the address/],
      ['nothing', /got Undefined/],
      ['element', /got HTMLParagraphElement/],
    ])('%s is a DatasetError that says what to do', async (name, message) => {
      expect(await read(name)).toEqual({ name: 'DatasetError', message: expect.stringMatching(message) });
    });

    test('a promise of a picture is named as one', async () => {
      expect(await read('promise', false)).toEqual({
        name: 'DatasetError',
        message: expect.stringMatching(/got Promise; await it/),
      });
    });

    test('a picture that may not be read does not spoil the next', async () => {
      await read('image of another origin');
      expect(await read('ImageBitmap')).toEqual({ widthPx: 4, heightPx: 3, data: rgb });
    });
  },
);
