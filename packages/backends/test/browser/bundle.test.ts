import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/**
 * What a bundler makes of a program that imports the built packages by name, as in a browser project; what is imported
 * when asked for becomes chunks of their own. Nothing is external, so that a module of Node would end the build.
 */
async function bundle(program: string) {
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'browser',
    format: 'esm',
    splitting: true,
    outdir: 'unwritten',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const entry = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === '<stdin>');
  const modules = Object.entries(entry?.inputs ?? {})
    .filter(([file, { bytesInOutput }]) => file !== '<stdin>' && bytesInOutput > 0)
    .map(([file]) => file.replace(/^.*packages\//, ''));
  const text = outputFiles.find(({ path }) => path.endsWith('stdin.js'))?.text ?? '';
  return { text, bytes: entry?.bytes ?? 0, modules, warnings };
}

describe('a bundle for browsers', () => {
  test('takes all of @retinabench/backends/browser without a module of Node; the runtimes load when asked for', async () => {
    const { modules, warnings } = await bundle("export * from '@retinabench/backends/browser';");
    expect(warnings).toEqual([]);
    expect(modules).toContain('backends/dist/detector/face-detector.js');
    expect(modules.filter((file) => /onnxruntime|tfjs/.test(file))).toEqual([]);
  });

  test('holds of parseScaleRule nothing but its own module', async () => {
    const { modules } = await bundle("export { parseScaleRule } from '@retinabench/backends/browser';");
    expect(modules.filter((file) => !file.startsWith('core/'))).toEqual(['backends/dist/detector/scale-rule.js']);
  });

  test('takes all of @retinabench/models without a module of Node, and of parseCard not the ONNX reader', async () => {
    const all = await bundle("export * from '@retinabench/models';");
    const one = await bundle("export { parseCard } from '@retinabench/models';");
    expect(all.warnings).toEqual([]);
    expect(all.modules).toContain('models/dist/onnx/read.js');
    const modules = one.modules.filter((file) => file.startsWith('models/'));
    expect(modules).toContain('models/dist/card/parse.js');
    expect(modules.filter((file) => !file.startsWith('models/dist/card/'))).toEqual([]);
    expect(one.bytes * 8).toBeLessThan(all.bytes);
  });
});

describe.skipIf(!existsSync(executable))(`models in Chromium (skipped where ${executable} is absent)`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
  });

  test('a convolution that was written and read again has the multiply-adds that its dimensions say', async () => {
    const { text } = await bundle(`
      import { countMultiplyAdds, readOnnx, writeOnnx } from '@retinabench/models';
      const ints = (...value) => ({ kind: 'ints', value });
      const value = (name, channels) => ({ name, elementType: 'float', dims: [1, channels, 16, 16] });
      const weight = { name: 'w', elementType: 'float', dims: [8, 3, 3, 3], bytes: new Uint8Array(8 * 27 * 4) };
      const node = {
        name: 'conv', op: 'Conv', domain: '', inputs: ['x', 'w'], outputs: ['y'],
        attributes: { kernel_shape: ints(3, 3), pads: ints(1, 1, 1, 1), strides: ints(1, 1) },
      };
      const graph = { name: 'g', nodes: [node], initialisers: [weight], inputs: [value('x', 3)], outputs: [value('y', 8)] };
      const model = { irVersion: 8, opset: 17, producer: 'test', graph, metadata: {} };
      globalThis.result = countMultiplyAdds(readOnnx(writeOnnx(model), 'conv.onnx'), [1, 3, 16, 16]).total;
    `);
    const page = await browser.newPage();
    await page.addScriptTag({ content: text, type: 'module' });
    // 16 x 16 places, 8 filters of 3 x 3 x 3 weights: 256 x 8 x 27.
    expect(await page.evaluate('globalThis.result')).toBe(55_296);
  });
});
