import { DatasetError } from '@retinabench/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fuzzParser } from '../../../../tools/fuzz/fuzz-parser.js';
import { fuzzRuns } from '../../../../tools/fuzz/fuzz-runs.js';
import { mutatedJson } from '../../../../tools/fuzz/mutated-json.js';
import { mutatedText } from '../../../../tools/fuzz/mutated-text.js';
import { curvesOfImages, encodePoints } from '../../src/index.js';
import { parseRecord } from '../../src/reading/parse.js';
import { protocolId } from '../../src/record/protocol-id.js';
import { validRecord } from '../support/valid-record.js';

const place = 'record.json';
const points = { easy: encodePoints([1, 2, 1, 900, 4, 0]), medium: '', hard: encodePoints([1000, 1, 1]) };
const records = [
  validRecord,
  {
    ...validRecord,
    // Easy: one face, found by the first of two proposals: AP 0.5. Hard: one of two faces, no false positive: AP 0.5.
    dataset: { name: 'wider-val', images: 1, sha256: '0'.repeat(64) },
    ap: { easy: 0.5, hard: 0.5 },
    interval: { easy: [0.4, 0.6] },
    curves: { easy: { precision: [0.5, 1 / 6], recall: [1, 1] } },
    images: [{ name: '0--A/a', points, faces: { easy: 1, medium: 0, hard: 2 }, apLost: { hard: 0.1 } }],
    parity: [
      {
        backend: 'tfjs-cpu',
        images: 2,
        outputMaxAbsolute: { scores: 1e-7 },
        scoreMaxAbsolute: 1e-7,
        boxMaxPx: 1e-3,
        unmatched: 0,
        detections: 9,
        tolerance: 1e-4,
        withinTolerance: true,
      },
    ],
  },
];

/** Read a record, and the curves of its images as a comparison of two records does. */
function parse(json: string): unknown {
  const record = parseRecord(json, place);
  return record.images === undefined ? record : curvesOfImages(record.images, 'hard');
}

describe('parseRecord under fuzzing', () => {
  it('gives a record or DatasetError for mutated values', async () => {
    await fuzzParser({
      name: 'record, values',
      inputs: mutatedJson(records),
      parse: (json) => parseRecord(json, place),
      errors: [DatasetError],
      place,
      seed: 103,
      runs: fuzzRuns(),
    });
  });

  it('gives a record or DatasetError for mutated text', async () => {
    await fuzzParser({
      name: 'record, text',
      inputs: mutatedText(records.map((record) => JSON.stringify(record))),
      parse: (json) => parseRecord(json, place),
      errors: [DatasetError],
      place,
      seed: 104,
      runs: fuzzRuns(),
    });
  });

  it('takes any setting of the right type and refuses every other, whatever its name', async () => {
    const settings = fc.dictionary(
      fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('__proto__', 'constructor', 'toString', 'id')),
      fc.oneof(
        fc.string(),
        fc.double(),
        fc.boolean(),
        fc.array(fc.oneof(fc.string(), fc.integer())),
        fc.constant(null),
      ),
      { maxKeys: 5 },
    );
    await fuzzParser({
      name: 'record, protocols',
      inputs: settings.map((protocol) => {
        const id = protocolId(protocol as Parameters<typeof protocolId>[0]);
        return JSON.stringify({ ...validRecord, protocol: { ...protocol, id } });
      }),
      parse: (json) => parseRecord(json, place),
      errors: [DatasetError],
      place,
      seed: 105,
      runs: fuzzRuns(),
    });
  });

  it('gives curves or DatasetError for mutated points of images', async () => {
    const text = fc.oneof(
      fc.string({ unit: fc.constantFrom(...'ABgh4z9+/'), maxLength: 12 }),
      fc
        .array(fc.nat(1200), { maxLength: 9 })
        .map((values) => encodePoints(values.slice(0, values.length - (values.length % 3)))),
    );
    await fuzzParser({
      name: 'record, curve points',
      inputs: text,
      parse: (hard) =>
        curvesOfImages(
          [{ name: 'a', points: { easy: '', medium: '', hard }, faces: { easy: 0, medium: 0, hard: 1 } }],
          'hard',
        ),
      errors: [DatasetError],
      place: 'images.a.points.hard',
      seed: 106,
      runs: fuzzRuns(),
    });
    expect(parse(JSON.stringify(records[1]))).toHaveProperty('threshold');
  });
});
