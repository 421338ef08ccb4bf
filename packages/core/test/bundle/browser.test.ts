import { existsSync } from 'node:fs';
import { build } from 'esbuild';
import { type Browser, chromium } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

/** What a bundler makes of a program that imports the built package by name, as in a browser project. */
async function bundle(program: string) {
  const { outputFiles, metafile, warnings } = await build({
    stdin: { contents: program, resolveDir: import.meta.dirname },
    bundle: true,
    platform: 'browser',
    format: 'iife',
    globalName: 'bundle',
    minify: true,
    metafile: true,
    write: false,
    logLevel: 'silent',
  });
  const modules = Object.entries(Object.values(metafile.outputs)[0].inputs)
    .filter(([file, { bytesInOutput }]) => file !== '<stdin>' && bytesInOutput > 0)
    .map(([file]) => file.replace(/^.*packages\/core\/dist\//, ''));
  return { text: outputFiles[0].text, bytes: outputFiles[0].contents.length, modules, warnings };
}

describe('a bundle for browsers', () => {
  it('takes all of core without a module of Node or of another package, and without a warning', async () => {
    const { modules, warnings } = await bundle("export * from '@retinabench/core';");
    expect(warnings).toEqual([]);
    expect(modules).toContain('render/rasterize.js');
    // Paths of core itself are cut to those below its dist, so any other module keeps its folder.
    expect(modules.filter((file) => /node_modules|packages\//.test(file))).toEqual([]);
  });

  it('holds of nms nothing but its own modules, in less than a tenth of the bytes of core', async () => {
    const all = await bundle("export * from '@retinabench/core';");
    const one = await bundle("export { nms } from '@retinabench/core';");
    expect(one.modules.sort()).toEqual([
      'box/corners-iou.js',
      'box/iou.js',
      'box/live-boxes.js',
      'box/nms.js',
      'box/order.js',
      'box/overlap-grid.js',
      'errors.js',
    ]);
    expect(one.bytes * 10).toBeLessThan(all.bytes);
    // A message of the mesh decoder's kernels: in the whole, and not in the part.
    expect(all.text).toContain('ask for more storage');
    expect(one.text).not.toContain('ask for more storage');
  });
});

describe.skipIf(!existsSync(executable))(`core in Chromium (skipped where ${executable} is absent)`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: executable, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
  });

  /** Run the bundle of a program that exports `result` in an empty page. */
  async function resultInPage(program: string): Promise<unknown> {
    const page = await browser.newPage();
    const { text } = await bundle(program);
    return page.evaluate<unknown>(`(() => { ${text}; return bundle.result; })()`);
  }

  it('decodes three boxes and suppresses the one that overlaps a better one', async () => {
    // Variances [0.1, 0.2], anchors (cx, cy, w, h), offsets (tx, ty, tw, th):
    //   (10, 20, 8, 4), 0:               centre (10, 20)             -> corners (6, 18, 14, 22)
    //   (10, 20, 8, 4), tx 2.5:          cx = 10 + 2.5 x 0.1 x 8 = 12 -> (8, 18, 16, 22)
    //   (100, 100, 10, 20), tw 5 ln 2:   w = 10 e^(0.2 x 5 ln 2) = 20 -> (90, 90, 110, 110)
    // The first two overlap in 6 x 4 = 24 of 32 + 32 - 24 = 40: IoU 0.6 > 0.4, so that the better one, of score 0.9, stays.
    const result = await resultInPage(`
      import { decodeBoxes, nms } from '@retinabench/core';
      const anchors = Float32Array.of(10, 20, 8, 4, 10, 20, 8, 4, 100, 100, 10, 20);
      const offsets = Float32Array.of(0, 0, 0, 0, 2.5, 0, 0, 0, 0, 0, 5 * Math.LN2, 0);
      const boxes = decodeBoxes(offsets, anchors, [0.1, 0.2], new Float32Array(12));
      const keep = new Int32Array(3);
      const options = { iouThreshold: 0.4, convention: 'continuous' };
      const count = nms(boxes, Float32Array.of(0.8, 0.9, 0.3), options, keep);
      export const result = { boxes: [...boxes].map((side) => Math.round(side * 1000) / 1000), keep: [...keep.subarray(0, count)] };
    `);
    expect(result).toEqual({ boxes: [6, 18, 14, 22, 8, 18, 16, 22, 90, 90, 110, 110], keep: [1, 2] });
  });

  it('hashes "abc" to the digest of FIPS 180-4, example B.1', async () => {
    const program = `import { sha256Hex } from '@retinabench/core'; export const result = sha256Hex(Uint8Array.of(97, 98, 99));`;
    expect(await resultInPage(program)).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('starts the SIMD kernels: elu(-1) is 1 / e - 1', async () => {
    const result = await resultInPage(`
      import { simdKernels } from '@retinabench/core';
      const kernels = simdKernels(1024);
      const values = kernels.floats(4);
      values.set([1, 0, -1, 2]);
      kernels.elu(values);
      export const result = [...values].map((value) => Math.round(value * 1e4) / 1e4);
    `);
    // 1 / e = 0.36788
    expect(result).toEqual([1, 0, -0.6321, 2]);
  });
});
