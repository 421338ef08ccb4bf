#!/usr/bin/env node
// Committed, so that `npm ci` in a fresh clone links the program before it is built.
import { existsSync } from 'node:fs';

const program = new URL('../dist/page-files/main.js', import.meta.url);
if (existsSync(program)) await import(program.href);
else {
  process.stderr.write('retinabench-assets: not built yet; run npm run build in the workspace\n');
  process.exitCode = 3;
}
