import type { OutputKind } from '../terminal/output-file.js';

/** A page, whose place `--out` or `--report` says. */
export const pageOutput: OutputKind = {
  what: 'the page',
  flag: '--out FILE',
  begins: /^\uFEFF?\s*(<!doctype html|#+ )/i,
};
