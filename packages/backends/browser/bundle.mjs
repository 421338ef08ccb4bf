/**
 * Bundle what browsers load, from the compiled packages: the page with a form (`dist/page`, see copy-assets.mjs), and the page
 * that browser backends drive (`dist/assets/host`), and the library for pages without a bundler (`dist/assets/plain`). Beside the host, `build.json` has the hash of the compiled code and of each file
 * of the bundle, so that a bundle of other code is never used.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codeBuild } from '@retinabench/files';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));

await bundle(['browser/main.ts'], 'dist/page');
await bundle(['browser/plain/retinabench.ts', 'browser/plain/worker.ts'], 'dist/assets/plain');
const hostFiles = await bundle(['browser/host/main.ts'], 'dist/assets/host');
const files = Object.fromEntries(
  hostFiles
    .map(({ path: file, contents }) => [path.basename(file), createHash('sha256').update(contents).digest('hex')])
    .sort(),
);
const code = codeBuild(new URL('../dist/browser.js', import.meta.url)).sha256;
writeFileSync(path.join(root, 'dist/assets/host/build.json'), `${JSON.stringify({ code, files }, null, 2)}\n`);

/** Bundle programs into a folder, in place of what lies there; its files. */
async function bundle(entries, outdir) {
  const { outputFiles } = await build({
    entryPoints: entries.map((entry) => path.join(root, entry)),
    outdir: path.join(root, outdir),
    bundle: true,
    splitting: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    legalComments: 'inline',
    logLevel: 'error',
    write: false,
  });
  rmSync(path.join(root, outdir), { recursive: true, force: true });
  mkdirSync(path.join(root, outdir), { recursive: true });
  for (const { path: file, contents } of outputFiles) writeFileSync(file, contents);
  return outputFiles;
}
