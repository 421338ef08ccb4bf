import { describe, expect, it } from 'vitest';
import { unknownVerbHint } from '../../src/explain/unknown-verb.js';
import { buildProgram } from '../../src/program.js';

describe('unknownVerbHint', () => {
  it('leads from words of the guides to the verb, flag, guide or word that is meant', async () => {
    const program = await buildProgram();
    expect(unknownVerbHint(program, 'matrix')).toMatch(
      /--model A,B --backend X,Y --scale S,T.*retinabench help matrix/,
    );
    expect(unknownVerbHint(program, 'convert')).toContain('retinabench datasets convert');
    expect(unknownVerbHint(program, 'tide')).toMatch(/--tide.*retinabench explain tide/);
    expect(unknownVerbHint(program, 'box-size')).toContain('retinabench explain box-size');
    expect(unknownVerbHint(program, 'xyzzy')).toBeUndefined();
  });
});
