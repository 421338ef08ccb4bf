import { DatasetError } from '@retinabench/core';
import { expect, test } from 'vitest';
import { mostLockMs, mostSlots } from '../../src/messages/limits.js';
import { parseRunSetup } from '../../src/messages/run-setup.js';
import { parseUnit, parseUnitResult, unitDigest } from '../../src/messages/unit.js';
import { parseWorkerCard, parseWorkerReport } from '../../src/messages/worker-card.js';

const run = '0123456789ab';
const process = { pid: 1, host: 'h', started: 's' };
const card = { version: 1, name: 'w', process, slots: mostSlots };
const report = { beat: 1, images: 1, takes: [run], refuses: [{ run, reason: 'r' }] };
const setup = {
  version: 1,
  run,
  kind: 'square',
  title: 't',
  claim: { token: 'some token', process },
  conditions: {
    code: { version: '1', sha256: 'a' },
    backend: { id: 'b', version: '1' },
    runtimes: { r: '1' },
    cpu: 'c',
  },
  allow: [],
  lockMs: mostLockMs,
  taskLimitMs: 1,
  models: [{ id: 'm', sha256: 'a'.repeat(64), bytes: 1 }],
  details: {},
};
const image = { name: 'x', sha256: 'a'.repeat(64), numbers: [1] };
const unit = { version: 1, run, tasks: [{ images: [image] }] };
const outcomes = JSON.stringify([{ answers: [4] }]);
const result = { version: 1, run, worker: 'w', tookMs: 12, outcomes, sha256: unitDigest(run, 'u', outcomes) };
const parseResult = (value: unknown): unknown =>
  parseUnitResult(value, { run, unitId: 'u', tasks: unit.tasks, allow: [] });

const messages = { card, report, setup, unit, result };
const parsers: Record<keyof typeof messages, (value: unknown) => unknown> = {
  card: (value) => parseWorkerCard(value, 'card'),
  report: (value) => parseWorkerReport(value, 'report'),
  setup: (value) => parseRunSetup(value, 'setup'),
  unit: (value) => parseUnit(value, 'unit'),
  result: parseResult,
};

/** Digests are told by what they are of, and patterns bound what they match. */
const bounded = new Set(['version', 'details', 'outcomes']);

/** All copies of a message in which one number or text is replaced. */
function* replaced(value: unknown, number: number, text: string): Generator<{ readonly at: string; value: unknown }> {
  if (typeof value === 'number') yield { at: '', value: number };
  else if (typeof value === 'string') yield { at: '', value: text };
  else if (Array.isArray(value)) {
    for (const [at, item] of value.entries()) {
      for (const copy of replaced(item, number, text)) {
        yield { at: `[${at}]${copy.at}`, value: value.with(at, copy.value) };
      }
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, item] of Object.entries(value)) {
      if (bounded.has(key)) continue;
      for (const copy of replaced(item, number, text)) {
        yield { at: `.${key}${copy.at}`, value: { ...value, [key]: copy.value } };
      }
    }
  }
}

test.each(Object.keys(messages) as (keyof typeof messages)[])('every number and text of a %s is bounded', (name) => {
  const parse = parsers[name];
  expect(() => parse(messages[name])).not.toThrow();
  const long = 'x'.repeat(1_000_000);
  let count = 0;
  // JSON.parse reads 1e999 as infinity; 2^60 is a whole number that no count reaches, -1 one that none has.
  for (const number of [2 ** 60, Number.POSITIVE_INFINITY, Number.NaN, -1]) {
    for (const { at, value } of replaced(messages[name], number, long)) {
      // What belongs to an image may be any finite number.
      if (at.includes('numbers') && Number.isFinite(number)) continue;
      count++;
      expect(() => parse(value), `${at} of ${number}`).toThrow(DatasetError);
    }
  }
  expect(count).toBeGreaterThan(3);
});
