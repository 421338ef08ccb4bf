import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const flags = [
  '--headless=new',
  '--no-sandbox',
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];

describe.skipIf(!existsSync(executable))(`a GPU that is lost in a page (skipped where ${executable} is absent)`, () => {
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    const { outputFiles } = await build({
      stdin: {
        contents: `import { DeviceWatch } from '../../browser/host/device-watch.ts'; globalThis.watch = DeviceWatch.install();`,
        resolveDir: fileURLToPath(new URL('.', import.meta.url)),
      },
      bundle: true,
      format: 'iife',
      write: false,
    });
    browser = await chromium.launch({ executablePath: executable, args: flags });
    page = await browser.newPage();
    // WebGPU wants a secure origin.
    await page.route('http://localhost/', (route) => route.fulfill({ contentType: 'text/html', body: '<p>' }));
    await page.addInitScript(outputFiles[0].text);
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** What comes of a script in a fresh page: its value, or the message of its error. */
  async function run(script: string): Promise<unknown> {
    await page.goto('http://localhost/');
    return page.evaluate(`(async () => { ${script} })().catch((error) => error.message)`);
  }

  test('nothing is lost as long as contexts and devices last', async () => {
    expect(await run(`new OffscreenCanvas(4, 4).getContext('webgl2'); return watch.orLost(Promise.resolve(7));`)).toBe(
      7,
    );
  });

  test('a lost WebGL context ends the work at hand, and none is believed afterwards', async () => {
    const lose = `const gl = new OffscreenCanvas(4, 4).getContext('webgl2'); gl.getExtension('WEBGL_lose_context').loseContext();`;
    expect(await run(`${lose} return watch.orLost(new Promise(() => undefined));`)).toBe('the WebGL context was lost');
    expect(await run(`${lose} return watch.orLost(Promise.resolve(7));`)).toBe('the WebGL context was lost');
  });

  test('a lost WebGPU device ends the work at hand', async () => {
    const device = `const adapter = await navigator.gpu?.requestAdapter(); if (!adapter) return 'no adapter'; const device = await adapter.requestDevice();`;
    const result = await run(`${device} device.destroy(); return watch.orLost(new Promise(() => undefined));`);
    if (result !== 'no adapter') expect(result).toMatch(/^the WebGPU device was lost \(destroyed/);
  });
});
