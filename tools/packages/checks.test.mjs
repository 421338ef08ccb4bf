import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { contentFaults } from './contents.mjs';
import { pageFaults } from './page.mjs';
import { runsOnImport, sideEffectFaults } from './side-effects.mjs';
import { workspaceRoot } from './workspace.mjs';

const manifest = {
  name: '@retinabench/planted',
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
  sideEffects: false,
  dependencies: { sharp: '1.0.0' },
};

describe('the checks of a package', () => {
  let root;
  let files;
  const write = (file, text) => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  const plant = (file, text) => {
    write(file, text);
    files.push(file);
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-planted-'));
    files = ['package.json', 'README.md', 'LICENSE'];
    copyFileSync(path.join(workspaceRoot, 'LICENSE'), path.join(root, 'LICENSE'));
    write('src/index.ts', '');
    plant(
      'dist/index.js',
      "import sharp from 'sharp';\nimport { readFileSync } from 'node:fs';\nexport const both = [sharp, readFileSync];\n",
    );
    plant('dist/index.d.ts', 'export declare const both: unknown[];\n');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const faults = async () => {
    const item = { folder: 'packages/planted', root, manifest };
    return [...contentFaults(item, files), ...(await sideEffectFaults(item, files))];
  };

  it('find nothing in a sound one', async () => assert.deepEqual(await faults(), []));

  for (const [what, file, text, expected] of [
    ['a bench', 'dist/bench/nms.bench.js', '', /nms\.bench\.js is a test or a bench/],
    ["the compiler's memory", 'dist/.tsbuildinfo', '', /\.tsbuildinfo is the compiler's memory/],
    ['a source', 'src/index.ts', '', /src\/index\.ts is source/],
    ['output of a source that is gone', 'dist/gone.js', 'export {};', /dist\/gone\.js has no src\/gone\.ts/],
    ['a map without its source', 'dist/index.js.map', '{"sources":["../src/index.ts"]}', /maps to a source/],
  ]) {
    it(`find ${what}`, async () => {
      plant(file, text);
      assert.match((await faults()).join('\n'), expected);
    });
  }

  for (const statement of [
    "import { x } from 'left-pad/deep';",
    "import 'left-pad';",
    "export { x } from 'left-pad';",
    "export const late = () => import('left-pad');",
    'export type X = import("left-pad").X;',
  ]) {
    it(`find that nothing depends on what is imported by ${statement}`, async () => {
      write('dist/index.d.ts', `export declare const both: unknown[];\n${statement}\n`);
      assert.match(
        (await faults()).join('\n'),
        /index\.d\.ts imports left-pad\S*, which @retinabench\/planted does not depend on/,
      );
    });
  }

  it('find a missing entry, and a module that runs on import', async () => {
    write('dist/index.js', 'globalThis.planted = 1;\n');
    files = files.filter((file) => file !== 'dist/index.d.ts');
    assert.deepEqual(await faults(), [
      'dist/index.d.ts is not packed',
      'dist/index.js runs on import, and sideEffects does not name it',
    ]);
  });
});

describe('runsOnImport', () => {
  for (const [code, runs] of [
    ['const table = new Map([[1, 2]]);\nexport { table };', false],
    ['export const text = `\nstart();\nof a line`;', false],
    ['/* start(); */ class A { static x = 1; }\nexport { A as B };', false],
    ['export async function* numbers() { yield 1; }', false],
    ["import './other.js';", true],
    ['start();', true],
    ['for (const x of []) start(x);', true],
    ['await start();', true],
    ['process.exitCode = 1;', true],
    ["if (globalThis.x) throw new Error('x');", true],
  ]) {
    it(`${runs}: ${JSON.stringify(code)}`, async () => assert.equal(await runsOnImport(code), runs));
  }
});

describe('pageFaults', () => {
  const ap = { hard: 0.5 };
  const data = JSON.stringify({ records: [{ ap }] });
  const page = `<!doctype html><html><style>${'x'.repeat(2000)}</style><script type="application/json" id="page-data">${data}</script><script>${'x'.repeat(60_000)}</script></html>\n`;

  it('finds nothing in a whole page', () => assert.deepEqual(pageFaults(page, ap), []));
  it('finds another AP', () => assert.match(pageFaults(page, { hard: 0.6 }).join(), /shows AP/));
  it('finds a page cut short', () => assert.match(pageFaults(page.slice(0, -20), ap).join(), /cut short/));
  it('finds what is loaded from elsewhere', () => {
    const outside = page.replace('<style>', '<script src="https://example.org/a.js"></script><style>');
    assert.match(pageFaults(outside, ap).join(), /loads something/);
  });
});
