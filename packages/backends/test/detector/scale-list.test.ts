import { ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { parseScaleRules } from '../../src/detector/scale-list.js';
import { formatScaleRule, parseScaleRule } from '../../src/detector/scale-rule.js';

const rulesOf = (text: string): string[] => parseScaleRules(text).map(formatScaleRule);

describe('parseScaleRules', () => {
  test.each([
    ['original', ['original']],
    // One rule with a comma, as it was before there were lists.
    ['short:1600,2150', ['short:1600,2150']],
    ['long:320,480,640,960,1280,original', ['long:320', 'long:480', 'long:640', 'long:960', 'long:1280', 'original']],
    ['long:320, short:1600,2150, vga', ['long:320', 'short:1600,2150', 'long:640']],
    ['short:1600,2150,long:320,480', ['short:1600,2150', 'long:320', 'long:480']],
    ['long:128+640,640', ['long:128+640', 'long:640']],
    ['long:640,128+640', ['long:640', 'long:128+640']],
    ['original:1000,original', ['original:1000', 'original']],
  ])('%s', (text, rules) => {
    expect(rulesOf(text)).toEqual(rules);
  });

  test('a list of one rule is that rule', () => {
    for (const text of ['original', 'original:900', 'long:64', 'vga', 'short:800,1200', 'pyramid', 'long:128+640']) {
      expect(parseScaleRules(text)).toEqual([parseScaleRule(text)]);
    }
  });

  test.each([
    ['short:1600,2150,800', /"800" in "short:1600,2150,800" follows short:1600,2150, which takes no further number/],
    ['original,640', /"640" in "original,640" follows original/],
    ['original:1000,640', /follows original:1000/],
    ['short:1600', /expected original, original:MAX/],
    ['640', /expected original, original:MAX/],
    ['vga,long:640', /got long:640 twice/],
    ['long:640+128,128+640', /got long:128\+640 twice/],
    ['long:320,,640', /expected original, original:MAX/],
    ['', /expected original, original:MAX/],
  ])('refuses %j', (text, message) => {
    expect(() => parseScaleRules(text)).toThrow(ProtocolError);
    expect(() => parseScaleRules(text)).toThrow(message);
  });
});
