import { createHash } from 'node:crypto';
import { canonicalJson, DatasetError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { assertRecord, parseRecord, protocolId } from '../../src/index.js';
import { validRecord } from '../support/valid-record.js';

describe('protocolId', () => {
  test('is the first 12 hex digits of SHA-256 over canonical JSON', () => {
    const expected = createHash('sha256').update('{"flip":false,"nmsIou":0.4}').digest('hex').slice(0, 12);
    expect(protocolId({ nmsIou: 0.4, flip: false })).toBe(expected);
  });

  test('depends on every setting, not on their order, and not on an id among them', () => {
    const id = protocolId({ a: 1, b: [1, 2] });
    expect(protocolId({ b: [1, 2], a: 1 })).toBe(id);
    expect(protocolId({ id: 'anything', a: 1, b: [1, 2] })).toBe(id);
    expect(protocolId({ a: 1, b: [2, 1] })).not.toBe(id);
    expect(protocolId({ a: '1', b: [1, 2] })).not.toBe(id);
    expect(protocolId({ a: 1, b: [1, 2], c: false })).not.toBe(id);
  });
});

describe('parseRecord', () => {
  const text = (change: object): string => JSON.stringify({ ...validRecord, ...change });

  test('returns a valid record', () => {
    expect(parseRecord(text({}), 'r.json')).toEqual(validRecord);
  });

  test.each<[string, string, RegExp]>([
    ['a truncated file', text({}).slice(0, 200), /^r\.json: .*200 characters.*truncated/],
    ['an empty file', '', /^r\.json: .*0 characters/],
    ['an array', '[]', /expected object, got an array of 0/],
    ['null', 'null', /expected object, got null/],
    ['a later schema version', text({ schemaVersion: 2 }), /schema version 2, this version reads 1; update/],
    ['an unknown kind', text({ kind: 'mAP' }), /kind: expected one of "wider".*got "mAP"/],
    ['AP in percent', text({ ap: { easy: 90, medium: 80, hard: 70 } }), /ap\.easy: expected at most 1, got 90/],
    ['an unknown split', text({ ap: { easy: 0.9, expert: 0.8 } }), /ap\.expert: expected no such property/],
    ['a null field', text({ ap: null }), /ap: expected object, got null/],
    ['an unknown field', text({ mAP: 0.9 }), /mAP: expected no such property/],
    ['no environment', text({ environment: undefined }), /environment: expected a value/],
    [
      'an edited setting',
      text({ protocol: { ...validRecord.protocol, nmsIou: 0.5 } }),
      /protocol\.id: expected .*edited/,
    ],
  ])('rejects %s with place, expected and actual', (_, json, message) => {
    expect(() => parseRecord(json, 'r.json')).toThrow(DatasetError);
    expect(() => parseRecord(json, 'r.json')).toThrow(message);
  });

  test.each([
    ['environment.build', { environment: { ...validRecord.environment, build: '0.1.0+0123456789ab' } }],
    ['resumed', { resumed: { images: 1, earliest: '2026-11-29T12:00:00Z', latest: '2026-11-29T12:00:00Z' } }],
  ])('refuses a record whose digest was removed: %s came with it', (field, change) => {
    expect(() => parseRecord(text(change), 'r.json')).toThrow(DatasetError);
    expect(() => parseRecord(text(change), 'r.json')).toThrow(
      `r.json: contentSha256: expected the digest of its content, which every record has that states ${field}`,
    );
    const whole = { ...validRecord, ...change };
    const contentSha256 = createHash('sha256').update(canonicalJson(whole)).digest('hex');
    expect(parseRecord(text({ ...change, contentSha256 }), 'r.json')).toEqual({ ...whole, contentSha256 });
  });

  test('refuses a number that appears twice: readers would take either', () => {
    const twice = text({}).replace('"ap":{', '"ap":{"easy":1,"medium":1,"hard":1},"ap":{');
    expect(() => parseRecord(twice, 'r.json')).toThrow(/^r\.json: .*the key "ap" appears twice in one object/);
  });

  test('an interval has two ends, no third', () => {
    expect(() => parseRecord(text({ interval: { hard: [0, 1, 0.5] } }), 'r.json')).toThrow(
      /interval\.hard: expected at most 2 items/,
    );
  });

  test('a writer cannot pass NaN', () => {
    expect(() => assertRecord({ ...validRecord, loss: { total: Number.NaN } }, 'r.json')).toThrow(/loss\.total.*NaN/);
  });
});
