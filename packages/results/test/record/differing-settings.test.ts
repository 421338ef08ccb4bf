import { describe, expect, test } from 'vitest';
import { differingSettings, type ResultRecord } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

const under = (settings: Readonly<Record<string, string | number>>, sha256: string): ResultRecord => ({
  ...validRecord,
  model: { id: 'mine', sha256 },
  protocol: { id: '0'.repeat(12), ...settings },
});
const [first, second] = ['a'.repeat(64), 'b'.repeat(64)] as const;

describe('differingSettings', () => {
  test('names what differs between two records of one network, its card included', () => {
    const before = under({ scale: 'vga', nmsIou: 0.4, 'input.colourOrder': 'bgr' }, first);
    const after = under({ scale: 'vga', nmsIou: 0.3, 'input.colourOrder': 'rgb' }, first);
    expect(differingSettings(before, after)).toEqual(['input.colourOrder', 'nmsIou']);
  });

  test('leaves to two networks how each takes its input and gives its boxes', () => {
    const before = under({ scale: 'vga', 'input.colourOrder': 'bgr', 'decoder.kind': 'retinaface' }, first);
    const after = under({ scale: 'vga', 'input.colourOrder': 'rgb', 'decoder.kind': 'yunet' }, second);
    expect(differingSettings(before, after)).toEqual([]);
    expect(differingSettings(before, under({ ...after.protocol, scale: 'original' }, second))).toEqual(['scale']);
  });

  test('holds what one record states and the other does not for a difference', () => {
    expect(differingSettings(under({ scale: 'vga' }, first), under({ scale: 'vga', flip: 1 }, first))).toEqual([
      'flip',
    ]);
  });
});
