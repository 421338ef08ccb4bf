import { DatasetError, ProtocolError } from '@retinabench/core';
import { parseRecord } from '@retinabench/results';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { headlineValues } from '../../src/baseline/headline.js';
import { appendLine, parseHistory, recordDigest } from '../../src/baseline/history.js';
import { defaultGateConfig, parseGateConfig } from '../../src/gate/config.js';
import { evaluateGate } from '../../src/gate/evaluate.js';
import { ruleFamilies } from '../../src/gate/rules.js';
import { buildPageData } from '../../src/page/build-page-data.js';
import { renderMarkdown } from '../../src/page/render-markdown.js';
import { renderPage } from '../../src/page/render-page.js';
import { everyKindOfRecord } from '../page/fixture.js';
import { widerRecord } from '../synthetic.js';

describe('parseGateConfig under fuzzing', () => {
  const target = {
    parse: (json: string) => parseGateConfig(json, 'gates.json'),
    errors: [ProtocolError],
    place: 'gates.json',
    runs: fuzzRuns(),
  } as const;
  const configs = [
    {
      rules: { 'ap.hard': ['error', { maxDrop: 0.002 }], 'latency.total': 'warn' },
      allow: ['machine'],
      inconclusive: 'fail',
    },
    { 'ap.easy': 'off', 'tar.1e-4': ['warn', { min: 0.9, maxDrop: 0.1 }], 'size.bytes': ['error', { max: 1e6 }] },
  ];

  it('gives a configuration or ProtocolError for mutated values', async () => {
    await fuzzParser({ ...target, name: 'gate config, values', inputs: mutatedJson(configs), seed: 601 });
  });

  it('gives a configuration or ProtocolError for mutated text', async () => {
    const texts = configs.map((config) => JSON.stringify(config, null, 1));
    await fuzzParser({ ...target, name: 'gate config, text', inputs: mutatedText(texts), seed: 602 });
  });

  it('gives a configuration or ProtocolError for rules of any subject, level and options', async () => {
    const subject = fc.oneof(
      fc.constantFrom(...ruleFamilies.flatMap(({ examples }) => [...examples]), '__proto__', ''),
      fc.string({ maxLength: 8 }),
    );
    const level = fc.constantFrom('error', 'warn', 'off', 'fatal', null, 1);
    const options = fc.dictionary(
      fc.constantFrom('min', 'max', 'maxDrop', 'maxIncrease', '__proto__'),
      fc.oneof(fc.double(), fc.constantFrom(0, 1, -1, '1', null)),
    );
    const rule = fc.tuple(
      fc.constantFrom(...ruleFamilies.map(({ prefix }) => prefix)),
      subject,
      level,
      fc.option(options, { nil: undefined }),
    );
    const inputs = fc
      .array(rule, { maxLength: 2 })
      .map((rules) =>
        JSON.stringify(
          Object.fromEntries(
            rules.map(([prefix, name, at, given]) => [`${prefix}.${name}`, given === undefined ? at : [at, given]]),
          ),
        ),
      );
    await fuzzParser({ ...target, name: 'gate config, rules', inputs, seed: 603 });
  });

  it.each([
    ['a level nested a million deep', `{"ap.hard":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
    ['an allowance nested a million deep', `{"allow":[${'['.repeat(1e6)}${']'.repeat(1e6)}]}`],
    ['inconclusive nested a million deep', `{"inconclusive":${'['.repeat(1e6)}${']'.repeat(1e6)}}`],
    ['a rule name of a million characters', `{"${'k'.repeat(1e6)}":"error"}`],
  ])('names %s in a short message', (_, json) => {
    let message = '';
    try {
      parseGateConfig(json, 'gates.json');
    } catch (error) {
      expect(error).toBeInstanceOf(ProtocolError);
      message = (error as Error).message;
    }
    expect(message).toMatch(/^gates\.json: /);
    expect(message.length).toBeLessThan(1000);
  });
});

describe('parseHistory under fuzzing', () => {
  it('gives the entries or DatasetError for mutated histories', async () => {
    const record = widerRecord(0.74);
    const entry = (why: string) => ({
      acceptedAt: '2026-01-02T03:04:05.000Z',
      recordSha256: recordDigest(record),
      by: 'someone',
      why,
      kind: 'wider' as const,
      protocolId: record.protocol.id,
      values: headlineValues(record),
    });
    const one = appendLine('', entry('first'));
    const two = one + appendLine(one, entry('second'));
    const inputs = fc.oneof(
      mutatedText([one, two, two]),
      mutatedJson([entry('only')]).map((line) => `${line}\n`),
    );
    await fuzzParser({
      name: 'baseline history',
      inputs,
      parse: (content) => parseHistory(content, 'history.jsonl'),
      errors: [DatasetError],
      place: 'history.jsonl',
      seed: 604,
      runs: fuzzRuns(),
    });
  });
});

describe('what is made of records under fuzzing', () => {
  it('a gate, a page and its Markdown come of any record that is valid', async () => {
    const records = everyKindOfRecord();
    await fuzzParser({
      name: 'gate and page of mutated records',
      inputs: mutatedJson(records.map(({ curves: _, ...record }) => record)),
      parse: (json) => {
        const record = parseRecord(json, 'record.json');
        const baseline = records.find(({ kind }) => kind === record.kind) ?? record;
        try {
          evaluateGate(baseline, record, defaultGateConfig(), () => undefined);
        } catch (error) {
          if (!(error instanceof ProtocolError)) throw error;
        }
        const data = buildPageData({
          title: 'page',
          createdAt: '2026-01-02T03:04:05.000Z',
          command: 'x',
          records: [baseline, record].map((content, index) => ({ file: `${index}.json`, record: content })),
          baselines: [0],
          pairedApDifference: () => undefined,
        });
        const page = renderPage(data, { script: '', style: '' });
        expect(page.match(/<script/g)?.length).toBe(2);
        expect(renderMarkdown(data)).not.toMatch(/\bNaN\b|<script/);
      },
      errors: [DatasetError],
      place: 'record.json',
      seed: 605,
      runs: fuzzRuns(3000),
      allowedBytes: (bytes) => 2 ** 22 + 64 * bytes,
    });
  });
});
