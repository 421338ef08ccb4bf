import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureMini } from '@retinabench/datasets';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { createServer, type ViteDevServer } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const example = fileURLToPath(new URL('..', import.meta.url));
const assets = fileURLToPath(new URL('../../../packages/backends/bin/retinabench-assets.js', import.meta.url));

/** Three women at a table, all facing the camera; and a portrait of one person. */
const group = '1--Group/1_Group_mini_03.jpg';
const portrait = '0--Portrait/0_Portrait_mini_01.jpg';

describe.skipIf(!existsSync(executable))(`the example in Chromium (skipped where ${executable} is absent)`, () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-example-'));
  let images: string;
  let server: ViteDevServer;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    images = path.join(await ensureMini({ cacheDir: path.join(work, 'cache') }), 'WIDER_val/images');
    const target = path.join(example, 'public/retinabench');
    execFileSync(process.execPath, [
      assets,
      target,
      '--runtime',
      'ort-wasm,ort-webgpu,litert-wasm,tfjs-wasm',
      '--replace',
    ]);
    const camera = path.join(work, 'camera.mjpeg');
    // What Chromium's fake camera plays: JPEG with halved colours, of a size that cameras have.
    const frame = await sharp(path.join(images, group))
      .resize(640, 480, { fit: 'contain' })
      .jpeg({ quality: 92, chromaSubsampling: '4:2:0' })
      .toBuffer();
    writeFileSync(camera, Buffer.concat([frame, frame, frame]));
    server = await createServer({ root: example, logLevel: 'silent', server: { port: 0, host: '127.0.0.1' } });
    await server.listen();
    browser = await chromium.launch({
      executablePath: executable,
      args: [
        '--headless',
        '--no-sandbox',
        '--disable-gpu',
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${camera}`,
      ],
    });
    page = await browser.newPage();
    await page.goto(server.resolvedUrls?.local[0] ?? '');
  });
  afterAll(async () => {
    await browser?.close();
    await server?.close();
    rmSync(work, { recursive: true, force: true });
  });

  const says = (pattern: RegExp) =>
    page.waitForFunction(
      (source) => new RegExp(source).test(document.getElementById('numbers')?.textContent ?? ''),
      pattern.source,
    );

  test('a picture shows its faces, a runtime later those of that', async () => {
    await page.setInputFiles('#picture', path.join(images, portrait));
    await says(/^ort-wasm [\d.]+: 1 faces/);
    await page.selectOption('#backend', 'tfjs-wasm');
    await says(/^tfjs-wasm [\d.]+: 1 faces/);
    await page.selectOption('#backend', 'litert-wasm');
    await says(/^litert-wasm [\d.]+.*: 1 faces/);
  });

  test('the webcam shows its faces and frames a second in an isolated page', async () => {
    expect(await page.evaluate(() => globalThis.crossOriginIsolated)).toBe(true);
    await page.selectOption('#backend', 'ort-wasm');
    await page.click('#webcam');
    await says(/^ort-wasm [\d.]+: 3 faces, [\d.]+ frames a second; resize .* network .* boxes/);
  });
});
