import { readFileSync } from 'node:fs';
import path from 'node:path';
import { transform } from 'esbuild';

/** What declares and does nothing else; everything else at the start of a line is a statement that runs on import. */
const declaration = /^(import [^("]|import\{|export |const |let |var |(async )?function|class |[\s)}\]]|\/\/|#!|$)/;
const bareImport = /^import ["']/;

/**
 * Whether loading a module does more than declare. Initialisers of constants count as declarations: they may compute, but
 * what they compute is lost with the constant.
 */
export async function runsOnImport(code) {
  // Template literals become concatenations, so that no line of text starts a line.
  const { code: plain } = await transform(code, { supported: { 'template-literal': false } });
  return plain.split('\n').some((line) => bareImport.test(line) || !declaration.test(line));
}

/**
 * Where a manifest's `sideEffects`, by which bundlers drop what is not used, is not the truth.
 *
 * @param files of the package, below its root.
 */
export async function sideEffectFaults({ root, manifest }, files) {
  const declared = new Set((manifest.sideEffects || []).map((file) => path.posix.normalize(file)));
  const faults = [...declared].filter((file) => !files.includes(file)).map((file) => `sideEffects: no file ${file}`);
  for (const file of files.filter((name) => /^(?!dist\/assets\/).*\.js$/.test(name))) {
    const runs = await runsOnImport(readFileSync(path.join(root, file), 'utf8'));
    if (runs && !declared.has(file)) faults.push(`${file} runs on import, and sideEffects does not name it`);
    if (!runs && declared.has(file)) faults.push(`${file} only declares, and sideEffects names it`);
  }
  return faults;
}
