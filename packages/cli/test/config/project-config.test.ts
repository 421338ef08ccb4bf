import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core';
import { afterAll, describe, expect, expectTypeOf, test } from 'vitest';
import type { FromSchema, Plain } from '../../../core/test/support/from-schema.js';
import { findConfig } from '../../src/config/find-config.js';
import { type ProjectConfig, parseProjectConfig, projectConfigSchema } from '../../src/config/project-config.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'config-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

test('the schema describes ProjectConfig, and the published file is that schema', () => {
  expectTypeOf<Plain<FromSchema<typeof projectConfigSchema>>>().toEqualTypeOf<Plain<ProjectConfig>>();
  const file = path.resolve(import.meta.dirname, '../../retinabench.schema.json');
  const { $schema, title, ...published } = JSON.parse(readFileSync(file, 'utf8'));
  expect($schema).toBe('https://json-schema.org/draft/2020-12/schema');
  expect(title).toBe('RetinaBench configuration');
  expect(published).toEqual(JSON.parse(JSON.stringify(projectConfigSchema)));
});

describe('parseProjectConfig', () => {
  test.each([
    ['{ "model": ["a"] }', /c\.json: expected keys of data, models, .*, got "model"; did you mean models\?/],
    ['{ "scale": ["vga"] }', /got "scale"; did you mean scales\?/],
    ['{ "colour": 1 }', /got "colour"$/],
    ['{ "models": "a" }', /c\.json: not a configuration of retinabench: models: expected /],
    ['{ "workers": 0 }', /workers: expected /],
    ['{ "models": [] }', /models: expected /],
    ['{ "data": "a", "data": "b" }', /c\.json: .*"data".*twice/],
    ['[1]', /c\.json: /],
  ])('refuses %s', (json, message) => {
    expect(() => parseProjectConfig(json, 'c.json')).toThrow(ProtocolError);
    expect(() => parseProjectConfig(json, 'c.json')).toThrow(message);
  });
});

describe('findConfig', () => {
  test('reads retinabench.json, or the key of package.json, and refuses both at once', async () => {
    expect(await findConfig(root)).toBeUndefined();
    writeFileSync(path.join(root, 'package.json'), '{ "name": "x", "retinabench": { "models": ["a"] } }');
    expect(await findConfig(root)).toEqual({ config: { models: ['a'] }, place: 'package.json', folder: root });
    writeFileSync(path.join(root, 'retinabench.json'), '{ "models": ["b"] }');
    await expect(findConfig(root)).rejects.toThrow(/expected one configuration, got another under the key retinabench/);
    expect((await findConfig(root, 'retinabench.json'))?.config).toEqual({ models: ['b'] });
    writeFileSync(path.join(root, 'package.json'), '{ "name": "x" }');
    expect((await findConfig(root))?.config).toEqual({ models: ['b'] });
  });
});
