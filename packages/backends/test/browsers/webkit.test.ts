import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBrowser } from '../../src/browsers/launch/find-browser.js';
import { compareDetections } from '../../src/parity/compare-detections.js';
import { browserEnvironments } from '../../src/registry/browser-environments.js';
import { loadDetector } from '../../src/registry/load-detector.js';
import { WorkerLostError } from '../../src/workers/worker-lost-error.js';
import { hasScreen, type Screen, startScreen } from '../fixtures/screen.js';
import { smallDetector } from '../fixtures/small-detector.js';

const { model: bytes, card, image } = smallDetector();
const model = { bytes, card };
const asked = { scoreFloor: 0.02 };
const before = { ...process.env };

afterAll(() => {
  for (const name of ['DISPLAY', 'WAYLAND_DISPLAY', 'TMPDIR', 'RETINABENCH_WEBKIT']) {
    if (before[name] === undefined) delete process.env[name];
    else process.env[name] = before[name];
  }
});

test.skipIf(os.platform() !== 'linux')('without a display it is not taken, and what to do is said (Linux only)', () => {
  process.env.DISPLAY = '';
  process.env.WAYLAND_DISPLAY = '';
  process.env.RETINABENCH_WEBKIT = process.execPath;
  expect(findBrowser('webkit')).toEqual({
    reason: `${process.execPath} opens a window, and there is no display`,
    remedy: expect.stringContaining('xvfb-run -a npx retinabench'),
  });
  delete process.env.RETINABENCH_WEBKIT;
});

const found = findBrowser('webkit');
const isHere = hasScreen && !('reason' in found && found.reason.startsWith('no webkit'));

describe.skipIf(!isHere)('a detector in WebKit (skipped where WebKitGTK or Xvfb is absent)', () => {
  let screen: Screen;
  let temporary: string;

  beforeAll(async () => {
    screen = await startScreen();
    temporary = mkdtempSync(path.join(os.tmpdir(), 'webkit-'));
    process.env.TMPDIR = temporary;
  });
  afterAll(async () => {
    await screen?.stop();
    rmSync(temporary, { recursive: true, force: true });
  });

  const folders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith('retinabench-browser-'));

  test('finds what ort-node finds, says what it is, and leaves nothing behind', async () => {
    const reference = await loadDetector(model, 'ort-node', asked, { threads: 1 });
    const hosted = await loadDetector(model, 'webkit/ort-wasm', asked, { threads: 1 });
    const detections = await hosted.detector.detect(image);
    const difference = compareDetections(await reference.detector.detect(image), detections);
    expect(detections.count).toBeGreaterThan(0);
    expect(difference).toMatchObject({ unmatched: 0 });
    expect(difference.boxMaxPx).toBeLessThan(0.1);
    await Promise.all([hosted.dispose(), reference.dispose()]);
    const { 'webkit/ort-wasm': environment } = await browserEnvironments(['webkit/ort-wasm']);
    expect(environment).toMatchObject({ name: 'webkit', crossOriginIsolated: true });
    expect(environment.userAgent).toContain('AppleWebKit');
    expect(folders()).toEqual([]);
  });

  test('a page that takes too long is ended', async () => {
    const limited = { threads: 1, limitMs: 1 };
    const { detector, dispose } = await loadDetector(model, 'webkit/ort-wasm', asked, limited);
    await expect(detector.detect(image)).rejects.toThrow(WorkerLostError);
    await dispose();
    expect(folders()).toEqual([]);
  });
});
