import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DatasetError, decodeText, ModelError } from '../../src/index.js';
import { isLfsPointer } from '../../src/text/lfs-pointer.js';

describe('decodeText', () => {
  it('reads UTF-8 without and with its byte-order mark, EF BB BF', () => {
    // é is C3 A9 in UTF-8.
    expect(decodeText(Uint8Array.of(0x7b, 0xc3, 0xa9, 0x7d), 'a')).toBe('{é}');
    expect(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 0x7b, 0xc3, 0xa9, 0x7d), 'a')).toBe('{é}');
  });

  it('reads UTF-16 of either byte order by its mark', () => {
    expect(decodeText(Uint8Array.of(0xff, 0xfe, 0x7b, 0, 0xe9, 0), 'a')).toBe('{é');
    expect(decodeText(Uint8Array.of(0xfe, 0xff, 0, 0x7b, 0, 0xe9), 'a')).toBe('{é');
  });

  it('gives any text back, with and without a mark', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('utf8', 'utf16le'), (text, encoding) => {
        fc.pre(!text.startsWith('\ufeff'));
        expect(decodeText(Buffer.from(`\ufeff${text}`, encoding as BufferEncoding), 'a')).toBe(text);
        if (encoding === 'utf8') expect(decodeText(Buffer.from(text, 'utf8'), 'a')).toBe(text);
      }),
      { seed: 11 },
    );
  });

  it('names bytes that are no text, and a Git LFS pointer', () => {
    expect(() => decodeText(Uint8Array.of(0x7b, 0xff, 0x7d), 'r.json')).toThrow(/^r\.json: expected text in UTF-8/);
    const pointer = Buffer.from(
      'version https://git-lfs.github.com/spec/v1\noid sha256:4d7a214614ab2935c943f9e0ff69d22eadbb8f32b1258daaa5e2ca24d17e2393\nsize 12345\n',
    );
    expect(() => decodeText(pointer, 'r.json')).toThrow(DatasetError);
    expect(() => decodeText(pointer, 'r.json')).toThrow(/r\.json: .*Git LFS pointer.*git lfs pull/);
    expect(() => decodeText(pointer, 'a.onnx', ModelError)).toThrow(ModelError);
    expect([isLfsPointer(pointer), isLfsPointer(pointer.subarray(0, 20))]).toEqual([true, false]);
  });
});
