import { ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { formatScaleRule, parseScaleRule, passesOf } from '../../src/detector/scale-rule.js';

const scalesOf = (rule: string, widthPx: number, heightPx: number): number[] =>
  passesOf(parseScaleRule(rule), widthPx, heightPx).map(({ scale }) => scale);

describe('parseScaleRule', () => {
  test.each(['original', 'original:2000', 'long:320', 'long:128+640', 'short:1600,2150', 'pyramid'])(
    '%s reads back as written',
    (text) => {
      expect(formatScaleRule(parseScaleRule(text))).toBe(text);
    },
  );

  test('vga is long:640', () => {
    expect(parseScaleRule('vga')).toEqual(parseScaleRule('long:640'));
  });

  test.each([
    '',
    'vga:1',
    'long',
    'long:',
    'long:0',
    'long:1e9',
    'long:640,1',
    'short:1600',
    'long:640:1',
    'huge',
    'long:128+128',
    'long:8+640',
    'long:128+',
    'original:128+640',
    'long:0x80',
  ])('rejects %j, naming what it takes', (text) => {
    expect(() => parseScaleRule(text)).toThrow(ProtocolError);
    expect(() => parseScaleRule(text)).toThrow(/expected original, original:MAX, long:N/);
  });
});

describe('passesOf', () => {
  test('original leaves the image as it is, up to a cap on the long side', () => {
    expect(scalesOf('original', 1024, 768)).toEqual([1]);
    expect(scalesOf('original:512', 1024, 768)).toEqual([0.5]);
    expect(scalesOf('original:2000', 1024, 768)).toEqual([1]);
  });

  test('long scales the long side, up as well as down, whichever side it is', () => {
    expect(scalesOf('vga', 1280, 960)).toEqual([0.5]);
    expect(scalesOf('vga', 160, 320)).toEqual([2]);
  });

  test('a union of long sides takes each once, in ascending order whatever the order asked for', () => {
    expect(scalesOf('long:640+128', 320, 1280)).toEqual([0.1, 0.5]);
    expect(formatScaleRule(parseScaleRule('long:640+128'))).toBe('long:128+640');
  });

  test('short scales the short side until the long side meets its cap', () => {
    // 1600 / 768 * 1024 = 2133 <= 2150; 1600 / 500 * 1024 = 3277 > 2150, so 2150 / 1024.
    expect(scalesOf('short:1600,2150', 1024, 768)).toEqual([1600 / 768]);
    expect(scalesOf('short:1600,2150', 1024, 500)).toEqual([2150 / 1024]);
  });

  test('pyramid takes the five short sides of the paper, each plain and mirrored', () => {
    const passes = passesOf(parseScaleRule('pyramid'), 1000, 500);
    expect(passes.map(({ scale }) => scale * 500)).toEqual([500, 500, 800, 800, 1100, 1100, 1400, 1400, 1700, 1700]);
    expect(passes.map(({ mirror }) => mirror)).toEqual([0, 1, 0, 1, 0, 1, 0, 1, 0, 1].map(Boolean));
  });
});
