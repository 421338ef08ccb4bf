import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { BackendError, DatasetError, ModelError, ProtocolError } from '@retinabench/core';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { type BrowserName, browserNames } from '../../src/backend/browser-name.js';
import { findBrowser } from '../../src/browsers/launch/find-browser.js';
import { compareDetections } from '../../src/parity/compare-detections.js';
import { browserEnvironments } from '../../src/registry/browser-environments.js';
import { loadDetector } from '../../src/registry/load-detector.js';
import { loadBackend } from '../../src/registry/registry.js';
import { WorkerLostError } from '../../src/workers/worker-lost-error.js';
import { hasScreen, startScreen } from '../fixtures/screen.js';
import { smallDetector } from '../fixtures/small-detector.js';

const { model: bytes, card, image } = smallDetector();
const model = { bytes, card };
const asked = { scoreFloor: 0.02 };
const threads = { threads: 1 };
const before = process.env.TMPDIR;
let temporary: string;

beforeAll(() => {
  temporary = mkdtempSync(path.join(os.tmpdir(), 'hosted-'));
  process.env.TMPDIR = temporary;
});
// A test that fails leaves its browser open; the next one looks for its own.
afterEach(() => {
  for (const pid of browserPids()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
});
afterAll(() => {
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  rmSync(temporary, { recursive: true, force: true });
});

/** Folders of browsers that are there now. */
function folders(): string[] {
  return readdirSync(temporary).filter((name) => name.startsWith('retinabench-browser-'));
}

/** The processes of the browsers that are open. */
function browserPids(): number[] {
  return folders().map((name) => {
    const owner = readFileSync(path.join(temporary, name, 'owner.json'), 'utf8');
    return (JSON.parse(owner) as { browser: number }).browser;
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

// WebKit opens a window.
const screen = hasScreen ? await startScreen() : undefined;
afterAll(() => screen?.stop());

const available = (browser: BrowserName): boolean => 'version' in findBrowser(browser);

// tfjs-wasm hands its own code to threads as text, which bundling must leave whole.
describe.each(browserNames.flatMap((browser) => [[browser, 'ort-wasm'] as const, [browser, 'tfjs-wasm'] as const]))(
  'a detector in %s on %s',
  (browser, runtime) => {
    test.skipIf(!available(browser))(
      `finds what ort-node finds, by the page's clock, and leaves nothing behind (skipped where ${browser} is absent)`,
      async () => {
        const reference = await loadDetector(model, 'ort-node', asked, threads);
        const hosted = await loadDetector(model, `${browser}/${runtime}`, asked, threads);
        const [pid] = browserPids();
        const times = { resizeMs: 0, inferMs: 0, postprocessMs: 0, totalMs: 0 };
        const found = await hosted.detector.detect(image, times);
        const difference = compareDetections(await reference.detector.detect(image), found);
        expect(found.count).toBeGreaterThan(0);
        expect(difference).toMatchObject({ unmatched: 0 });
        expect(difference.boxMaxPx).toBeLessThan(0.1);
        expect(times.inferMs).toBeGreaterThan(0);
        // Stages are parts of the whole; the clock rounds each.
        expect(times.resizeMs + times.inferMs + times.postprocessMs).toBeLessThanOrEqual(times.totalMs + 1);
        expect(hosted.backend.version).toMatch(new RegExp(`^[\\d.]+ in ${browser} \\d+`));
        await Promise.all([hosted.dispose(), reference.dispose()]);
        expect(isAlive(pid)).toBe(false);
        expect(folders()).toEqual([]);
      },
    );
  },
);

describe.skipIf(!available('chromium'))('a backend in Chromium (skipped where it is absent)', () => {
  test('is isolated, so that threads work, and states its clock and what it computes on', async () => {
    const id = 'chromium/tfjs-webgl';
    const { [id]: environment } = await browserEnvironments([id, 'ort-node']);
    expect(environment).toMatchObject({ name: 'chromium', crossOriginIsolated: true, adapter: { api: 'webgl' } });
    expect(environment.timerResolutionMs).toBeLessThanOrEqual(0.1);
    expect(environment.userAgent).toContain(environment.version.split('.')[0]);
  });

  test('carries tensors to a session and back, and says what ails a model by its class', async () => {
    const backend = await loadBackend('chromium/ort-wasm');
    const local = await (await loadBackend('ort-wasm')).createSession(bytes, 'small.onnx', threads);
    const session = await backend.createSession(bytes, 'small.onnx', threads);
    const feeds = { x0: { data: Float32Array.from({ length: 3 * 64 }, (_, i) => i), dims: [1, 3, 8, 8] } };
    expect(await session.run(feeds)).toEqual(await local.run(feeds));
    expect(session.signature).toEqual(local.signature);
    await expect(session.run({})).rejects.toThrow(/small\.onnx: input x0: expected a tensor/);
    await session.dispose();
    await expect(session.run(feeds)).rejects.toThrow(/the session was disposed/);
    await expect(backend.createSession(Uint8Array.of(1, 2, 3), 'bad.onnx', threads)).rejects.toThrow(ModelError);
  });

  test('decodes files itself if asked to: of a PNG the pixels are those of sharp', async () => {
    const raw = { width: image.widthPx, height: image.heightPx, channels: 3 as const };
    const png = await sharp(image.data, { raw }).png().toBuffer();
    const { detector, dispose } = await loadDetector(
      model,
      'chromium/ort-wasm',
      { ...asked, decode: 'browser' },
      threads,
    );
    const plain = await loadDetector(model, 'chromium/ort-wasm', asked, threads);
    const found = await detector.detectFile?.(png, 'a.png');
    expect(found).toMatchObject({ widthPx: 48, heightPx: 40 });
    expect(found?.detections).toEqual(await plain.detector.detect(image));
    await expect(detector.detectFile?.(Uint8Array.of(1, 2), 'b.png')).rejects.toThrow(DatasetError);
    await expect(detector.detect(image)).rejects.toThrow(ProtocolError);
    await Promise.all([dispose(), plain.dispose()]);
  });

  test('runs on several threads, and tells its memory, or nothing, whenever asked', async () => {
    const single = await loadDetector(model, 'chromium/ort-wasm', asked, threads);
    const several = await loadDetector(model, 'chromium/ort-wasm', asked, { threads: 2 });
    expect(await several.detector.detect(image)).toEqual(await single.detector.detect(image));
    // A page that is slow to count tells nothing; it is asked again.
    const bytes = await waitUntil('the memory of the page', () => single.memoryBytes?.());
    expect(bytes).toBeGreaterThan(2 ** 20);
    expect((await several.memoryBytes?.()) ?? 2 ** 20).toBeGreaterThanOrEqual(2 ** 20);
    await Promise.all([single.dispose(), several.dispose()]);
  });

  test('that is killed is a loss to the worker, at once and ever after', async () => {
    const { detector, dispose } = await loadDetector(model, 'chromium/ort-wasm', asked, threads);
    const detecting = Array.from({ length: 200 }, () => detector.detect(image));
    process.kill(browserPids()[0], 'SIGKILL');
    await expect(Promise.all(detecting)).rejects.toThrow(WorkerLostError);
    await Promise.allSettled(detecting);
    await expect(detector.detect(image)).rejects.toThrow(/chromium\/ort-wasm: its (browser ended|page)/);
    await dispose();
    expect(folders()).toEqual([]);
  });

  test.skipIf(os.platform() === 'win32')(
    'that hangs is ended after the longest time of an answer, and nothing of it is left (skipped on Windows)',
    async () => {
      const limited = { ...threads, limitMs: 10_000 };
      const { detector, dispose } = await loadDetector(model, 'chromium/ort-wasm', asked, limited);
      await detector.detect(image);
      const [pid] = browserPids();
      // All its processes, which share a group.
      process.kill(-pid, 'SIGSTOP');
      const hanging = detector.detect(image);
      await expect(hanging).rejects.toThrow(WorkerLostError);
      await expect(hanging).rejects.toThrow(
        /page took longer than 10 s and was ended; raise --image-timeout if it may/,
      );
      await waitUntil('the end of the browser and its folder', () => !isAlive(pid) && folders().length === 0);
      await dispose();
    },
  );

  test('ends with the process that started it, although that is killed', async () => {
    const parent = spawn(
      process.execPath,
      [fileURLToPath(new URL('../fixtures/browser-parent.mjs', import.meta.url)), 'chromium'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    await once(parent.stdout, 'data');
    const [pid] = browserPids();
    expect(isAlive(pid)).toBe(true);
    parent.kill('SIGKILL');
    await waitUntil('the end of the browser and its folder', () => !isAlive(pid) && folders().length === 0);
  });
});

test.each(browserNames.filter(available))(
  '%s starts although the home of the user cannot be written',
  async (browser) => {
    const home = { HOME: process.env.HOME, XDG_CONFIG_HOME: process.env.XDG_CONFIG_HOME };
    // Neither root nor anyone else may make a folder there.
    Object.assign(process.env, { HOME: '/proc/nowhere', XDG_CONFIG_HOME: '/proc/nowhere' });
    try {
      const { detector, dispose } = await loadDetector(model, `${browser}/ort-wasm`, asked, threads);
      expect((await detector.detect(image)).count).toBeGreaterThan(0);
      await dispose();
      expect(folders()).toEqual([]);
    } finally {
      for (const [name, value] of Object.entries(home)) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    }
  },
);

test('a browser that is not there, a runtime that no browser has, and kernels of libvips are refused by name', async () => {
  await expect(loadBackend('chromium/ort-node')).rejects.toThrow(
    /backend chromium\/ort-node: not known.*chromium\/ort-wasm/,
  );
  const chromium = process.env.RETINABENCH_CHROMIUM;
  process.env.RETINABENCH_CHROMIUM = '/nowhere/chromium';
  try {
    const backend = await loadBackend('chromium/ort-wasm');
    expect(await backend.availability()).toMatchObject({
      available: false,
      reason: expect.stringContaining('names no program'),
    });
    await expect(backend.createSession(bytes, 'small.onnx', threads)).rejects.toThrow(BackendError);
  } finally {
    if (chromium === undefined) delete process.env.RETINABENCH_CHROMIUM;
    else process.env.RETINABENCH_CHROMIUM = chromium;
  }
  const resized = { ...asked, resize: 'vips-cubic' } as const;
  await expect(loadDetector(model, 'chromium/ort-wasm', resized, threads)).rejects.toThrow(ProtocolError);
  await expect(loadDetector(model, 'ort-node', { ...asked, decode: 'browser' }, threads)).rejects.toThrow(
    /--decode browser: ort-node runs in no browser/,
  );
});
