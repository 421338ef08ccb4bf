import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { smallDetector } from '../fixtures/small-detector.js';
import {
  bundlePrograms,
  executable,
  openChromium,
  openPage,
  type ServedFiles,
  type ServerOptions,
  SmallServer,
} from './served-page.js';

const require = createRequire(import.meta.url);
const fileOf = (name: string) => readFileSync(require.resolve(name));
const ortFile = 'ort-wasm-simd-threaded.wasm';
const tfjsFile = 'tfjs-backend-wasm-simd.wasm';

/** Sets where files lie, then says what a backend says of itself, and what comes of making a session. */
const program = `
  import { browserBackends, provideLitert, setAssets } from '@retinabench/backends/browser';
  provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
  const errorOf = (error) => ({ name: error.name, message: error.message });
  globalThis.assets = (assets) => {
    try { setAssets(assets); } catch (error) { return errorOf(error); }
  };
  globalThis.availability = async (id) => (await browserBackends[id]()).availability();
  globalThis.open = async (id, threads = 1) => {
    const model = new Uint8Array(await (await fetch('/model.onnx')).arrayBuffer());
    try {
      await (await (await browserBackends[id]()).createSession(model, 'model.onnx', { threads })).dispose();
      return 'a session';
    } catch (error) {
      return errorOf(error);
    }
  };
  globalThis.ready = true;
`;

interface PageProgram {
  assets(assets: unknown): unknown;
  availability(id: string): Promise<unknown>;
  open(id: string, threads?: number): Promise<unknown>;
}

describe.skipIf(!existsSync(executable))(
  `files of the runtimes in Chromium (skipped where ${executable} is absent)`,
  () => {
    let browser: Browser;
    let bundle: ServedFiles;
    const servers: SmallServer[] = [];

    beforeAll(async () => {
      bundle = { ...(await bundlePrograms({ main: program })), '/model.onnx': smallDetector().model };
      browser = await openChromium();
    });
    afterAll(async () => {
      await browser?.close();
      for (const server of servers) server.close();
    });

    async function open(files: ServedFiles, options?: ServerOptions): Promise<Page> {
      const server = await SmallServer.start({ ...bundle, ...files }, options);
      servers.push(server);
      return openPage(browser, server);
    }
    const call = (page: Page, name: keyof PageProgram, ...parameters: unknown[]): Promise<unknown> =>
      page.evaluate(
        ([name, parameters]) =>
          (globalThis as unknown as Record<string, (...parameters: unknown[]) => unknown>)[name](...parameters),
        [name, parameters] as const,
      );

    test.each([
      ['ort-wasm', ortFile],
      ['tfjs-wasm', tfjsFile],
      ['litert-wasm', 'litert_wasm_internal.js'],
    ])(
      "%s: the application's page in place of a file is told with address, status, type and beginning, not blamed on the model",
      async (id, file) => {
        const page = await open({}, { fallback: true });
        await call(page, 'assets', '/wasm');
        const reason = new RegExp(
          `/wasm/${file}: expected .*, got status 200, text/html, beginning with "<!doctype html>.*which is a page`,
        );
        expect(await call(page, 'availability', id)).toEqual({
          available: false,
          reason: expect.stringMatching(reason),
          remedy: expect.stringMatching(/^serve .*node_modules.*setAssets\(/),
        });
        expect(await call(page, 'open', id)).toEqual({
          name: 'BackendError',
          message: expect.stringMatching(reason),
        });
      },
    );

    test.each(['ort-wasm', 'tfjs-wasm'])('%s: a missing file is told before anybody said where it lies', async (id) => {
      const page = await open({});
      const reason = /wasm: expected WebAssembly, got status 404/;
      expect(await call(page, 'availability', id)).toMatchObject({
        available: false,
        reason: expect.stringMatching(reason),
      });
      expect(await call(page, 'open', id)).toEqual({ name: 'BackendError', message: expect.stringMatching(reason) });
    });

    test('ort-wasm in an isolated page, where nobody said where it lies, tells what was missing once it was started', async () => {
      const page = await open({}, { isolated: true });
      const reason = /ort-wasm.*expected WebAssembly, got status 404/;
      expect(await call(page, 'open', 'ort-wasm')).toEqual({
        name: 'BackendError',
        message: expect.stringMatching(reason),
      });
      expect(await call(page, 'availability', 'ort-wasm')).toMatchObject({
        available: false,
        reason: expect.stringMatching(reason),
      });
    });

    test.each([
      ['ort-wasm', ortFile, `onnxruntime-web/${ortFile}`],
      ['tfjs-wasm', tfjsFile, `@tensorflow/tfjs-backend-wasm/dist/${tfjsFile}`],
    ])('%s: starts once its file is served, on the same page', async (id, file, installed) => {
      const files: ServedFiles = {};
      const page = await open(files, { fallback: true });
      await call(page, 'assets', { ortWasm: 'wasm/', tfjsWasm: 'wasm/' });
      expect(await call(page, 'availability', id)).toMatchObject({ available: false });
      (servers.at(-1) as SmallServer).files[`/wasm/${file}`] = fileOf(installed);
      expect(await call(page, 'availability', id)).toEqual({ available: true });
      expect(await call(page, 'open', id)).toBe('a session');
    });

    test('ort-wasm: the one file under another name will do', async () => {
      const page = await open({ '/assets/ort-5f3a.wasm': fileOf(`onnxruntime-web/${ortFile}`) });
      await call(page, 'assets', { ortWasm: '/assets/ort-5f3a.wasm' });
      expect(await call(page, 'open', 'ort-wasm')).toBe('a session');
    });

    test('ort-wasm: threads of an isolated page start from the folder', async () => {
      const mjs = 'ort-wasm-simd-threaded.mjs';
      const page = await open(
        {
          [`/wasm/${ortFile}`]: fileOf(`onnxruntime-web/${ortFile}`),
          [`/wasm/${mjs}`]: fileOf(`onnxruntime-web/${mjs}`),
        },
        { isolated: true },
      );
      await call(page, 'assets', '/wasm/');
      expect(await call(page, 'open', 'ort-wasm', 2)).toBe('a session');
    });

    test('a model that is none is blamed where the runtime starts', async () => {
      const page = await open({
        [`/wasm/${ortFile}`]: fileOf(`onnxruntime-web/${ortFile}`),
        '/model.onnx': Uint8Array.of(1, 2, 3),
      });
      await call(page, 'assets', '/wasm/');
      expect(await call(page, 'open', 'ort-wasm')).toMatchObject({ name: 'ModelError' });
    });

    test.each([
      [{ ortwasm: '/wasm/' }, /expected ortWasm, tfjsWasm, liteRt, got ortwasm/],
      [{ tfjsWasm: '/a/tfjs-backend-wasm-simd.wasm' }, /tfjsWasm: expected the address of a folder/],
      [{ ortWasm: 'http://' }, /ortWasm: expected the address of a folder/],
      [{ liteRt: '/wasm/?v=2' }, /leave out what follows the \?/],
    ])('%j is refused', async (assets, message) => {
      const page = await open({});
      expect(await call(page, 'assets', assets)).toEqual({
        name: 'ProtocolError',
        message: expect.stringMatching(message),
      });
    });
  },
);
