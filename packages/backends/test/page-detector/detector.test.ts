import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { ModelCard } from '@retinabench/models';
import type { Browser, Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Detections, FaceDetector, loadBackend, resolveProtocol } from '../../src/index.js';
import { compareDetections } from '../../src/parity/compare-detections.js';
import { smallDetector } from '../fixtures/small-detector.js';
import { bundlePrograms, executable, openChromium, openPage, type ServedFiles, SmallServer } from './served-page.js';

const require = createRequire(import.meta.url);
const fileOf = (name: string) => readFileSync(require.resolve(name));

/** Opens a detector in the page or in a worker, and detects on the picture in a form. */
const main = `
  import { openDetector } from '@retinabench/backends/browser';
  const forms = {
    image: (image) => image,
    bitmap: (image) => createImageBitmap(image),
    canvas: (image) => {
      const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight);
      canvas.getContext('2d').drawImage(image, 0, 0);
      return canvas;
    },
    data: (image) => forms.canvas(image).getContext('2d').getImageData(0, 0, image.naturalWidth, image.naturalHeight),
    frame: (image) => new VideoFrame(image, { timestamp: 0 }),
    text: () => 'a picture',
  };
  const load = async (src) => { const image = new Image(); image.src = src; await image.decode(); return image; };
  const workers = {};
  globalThis.detect = async ({ worker, form = 'image', src = '/photograph.png', ...options }) => {
    try {
      if (worker) workers[worker] ??= new Worker(worker, { type: 'module' });
      const asked = { model: 'model.onnx', protocol: { scoreFloor: 0.02 }, assets: 'wasm', ...options };
      const detector = await openDetector({ ...asked, ...(worker && { worker: workers[worker] }) });
      const picture = await forms[form](await load(src));
      const { scores, boxesXyxy, widthPx, heightPx, times } = await detector.detect(picture);
      const again = await detector.detect(picture);
      await detector.dispose();
      const after = await detector.detect(picture).catch(({ name, message }) => name + ': ' + message);
      return {
        scores: [...scores], boxes: [...boxesXyxy], sides: [widthPx, heightPx], times: Object.keys(times).sort(),
        again: again.count === scores.length, backend: detector.backend, after,
      };
    } catch (error) {
      return { name: error.name, message: error.message };
    }
  };
  /** How often the page could do something while the worker detected. */
  globalThis.turnsMeanwhile = async () => {
    const detector = await openDetector({
      model: 'model.onnx', assets: 'wasm', protocol: { scoreFloor: 0.02 },
      worker: new Worker('worker.js', { type: 'module' }),
    });
    const big = await createImageBitmap(await load('/photograph.png'), { resizeWidth: 2400, resizeHeight: 2000 });
    let turns = 0;
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => { turns++; port2.postMessage(0); };
    port2.postMessage(0);
    await detector.detect(big);
    port1.close();
    return turns;
  };
  globalThis.ready = true;
`;
const worker = `
  import { provideLitert, serveDetector } from '@retinabench/backends/browser';
  provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
  serveDetector();
`;

interface PageRun {
  readonly scores: number[];
  readonly boxes: number[];
  readonly [name: string]: unknown;
}

describe.skipIf(!existsSync(executable))(
  `a detector of a page in Chromium (skipped where ${executable} is absent)`,
  () => {
    let browser: Browser;
    let server: SmallServer;
    let page: Page;
    let expected: Detections;

    beforeAll(async () => {
      const { model, card, image } = smallDetector();
      const session = await (await loadBackend('ort-node')).createSession(model, 'model.onnx', { threads: 1 });
      expected = await new FaceDetector(card, session, resolveProtocol({ scoreFloor: 0.02 }, card)).detect(image);
      await session.dispose();
      const raw = { width: image.widthPx, height: image.heightPx, channels: 3 } as const;
      const files: ServedFiles = {
        ...(await bundlePrograms({
          main,
          worker,
          broken: 'throw new Error("broken on purpose");',
        })),
        '/model.onnx': model,
        '/model.card.json': JSON.stringify({ ...card, defaults: { scoreFloor: 0.5, nmsIou: 0.4 } } satisfies ModelCard),
        '/photograph.png': await sharp(image.data, { raw }).png().toBuffer(),
      };
      for (const name of ['ort-wasm-simd-threaded.wasm', 'ort-wasm-simd-threaded.mjs'])
        files[`/wasm/${name}`] = fileOf(`onnxruntime-web/${name}`);
      for (const kind of ['', '-simd', '-threaded-simd']) {
        const name = `tfjs-backend-wasm${kind}.wasm`;
        files[`/wasm/${name}`] = fileOf(`@tensorflow/tfjs-backend-wasm/dist/${name}`);
      }
      for (const name of ['litert_wasm_internal.js', 'litert_wasm_internal.wasm'])
        files[`/wasm/${name}`] = fileOf(`@litertjs/core/wasm/${name}`);
      server = await SmallServer.start(files);
      browser = await openChromium(['--enable-unsafe-swiftshader']);
      page = await openPage(browser, server);
    });
    afterAll(async () => {
      await browser?.close();
      server?.close();
    });

    const detect = (options: object): Promise<PageRun> =>
      page.evaluate((asked) => (globalThis as unknown as { detect(asked: object): PageRun }).detect(asked), options);

    function expectNodesResult(run: PageRun, boxPx = 0.1): void {
      expect(run).toMatchObject({ sides: [48, 40], again: true, times: ['inferMs', 'postprocessMs', 'resizeMs'] });
      expect(run.after).toMatch(/^BackendError: .*disposed; open another/);
      const actual = {
        count: run.scores.length,
        scores: Float32Array.from(run.scores),
        boxesXyxy: Float32Array.from(run.boxes),
      };
      const difference = compareDetections(expected, actual);
      expect(expected.count).toBeGreaterThan(0);
      expect(difference.unmatched).toBe(0);
      expect(difference.boxMaxPx).toBeLessThanOrEqual(boxPx);
    }

    test.each(['image', 'bitmap', 'canvas', 'data', 'frame'])(
      'on a picture as %s finds in the page what ort-node finds',
      async (form) => {
        expectNodesResult(await detect({ form }));
      },
    );

    test.each(['image', 'bitmap', 'canvas', 'data', 'frame'])(
      'on a picture as %s finds in a worker what ort-node finds',
      async (form) => {
        expectNodesResult(await detect({ form, worker: 'worker.js' }));
      },
    );

    test.each(['tfjs-wasm', 'litert-wasm', 'tfjs-webgl'])(
      '%s finds in a worker what ort-node finds',
      async (backend) => {
        const run = await detect({ backend, worker: 'worker.js' });
        expectNodesResult(run, 0.5);
        expect(run.backend).toBe(backend);
      },
    );

    test('a worker leaves the page free: it has its turns while the worker computes', async () => {
      const turns = await page.evaluate(() => (globalThis as unknown as { turnsMeanwhile(): number }).turnsMeanwhile());
      // Tens of thousands; a detector that computes in the page leaves it none.
      expect(turns).toBeGreaterThan(100);
    });

    test.each([
      [
        { model: 'missing.onnx', card: 'model.card.json' },
        'ModelError',
        /missing\.onnx: expected a model, got status 404/,
      ],
      [{ card: '/' }, 'ModelError', /expected the model's card, got status 200, text\/html.*which is a page/],
      [
        { assets: 'nowhere' },
        'BackendError',
        /nowhere\/ort-wasm-simd-threaded\.wasm: expected WebAssembly, got status 404/,
      ],
      [{ protocol: { scoreFloor: 2 } }, 'ProtocolError', /score floor/],
      [{ backend: 'ort-node' }, 'ProtocolError', /expected one of ort-wasm.*got ort-node/],
      [{ form: 'text' }, 'DatasetError', /got String/],
    ])('%j ends with a typed error, in a worker as in the page', async (options, name, message) => {
      const error = { name, message: expect.stringMatching(message) };
      expect(await detect(options)).toEqual(error);
      expect(await detect({ ...options, worker: 'worker.js' })).toEqual(error);
    });

    test.each([
      ['missing-worker.js', /the worker does not start: its program does not load/],
      ['broken.js', /the worker does not start: .*broken on purpose/],
    ])('%s as worker is a BackendError', async (worker, message) => {
      expect(await detect({ worker })).toEqual({ name: 'BackendError', message: expect.stringMatching(message) });
    });

    test('an image of another origin is refused before a worker gets it', async () => {
      const { '/photograph.png': photograph } = server.files;
      const elsewhere = await SmallServer.start({ '/photograph.png': photograph });
      expect(await detect({ src: `${elsewhere.url}/photograph.png`, worker: 'worker.js' })).toEqual({
        name: 'DatasetError',
        message: expect.stringMatching(/another origin/),
      });
      elsewhere.close();
    });
  },
);
