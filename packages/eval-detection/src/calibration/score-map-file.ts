import {
  type JsonContract,
  type JsonSchema,
  objectSchema,
  objectSchemaWithOptional,
  ProtocolError,
  readJson,
} from '@retinabench/core';
import { type ProtocolSettings, settingSchema } from '@retinabench/results';
import type { FittedScoreMap } from './fit-score-map.js';

/** A map of scores as a file holds it: what it is, what it was fitted on, and what it does to other images. */
export interface ScoreMapFile extends FittedScoreMap {
  readonly scoreMap: 1;
  readonly createdAt: string;
  readonly command?: string;
  /** How it was fitted and measured, with the id of that. */
  readonly protocol: ProtocolSettings & { readonly id: string };
  /** Whose scores they were, where that is known. */
  readonly model?: { readonly id: string; readonly sha256: string };
  /** Settings of the detector, where they are known. */
  readonly detector?: ProtocolSettings;
  readonly source: {
    readonly predictions: { readonly name: string; readonly sha256: string };
    readonly annotations: { readonly name: string; readonly sha256: string };
  };
  /** Of the images of the fit (`imageMarks`). */
  readonly fittedOn: readonly string[];
  /** AP at IoU 0.5 of the held-out images, before and after. */
  readonly ap50: { readonly before: number; readonly after: number };
  readonly environment: Readonly<Record<string, string | number>>;
}

const finite = { type: 'number' } as const satisfies JsonSchema;
const share = { type: 'number', minimum: 0, maximum: 1 } as const satisfies JsonSchema;
const count = { type: 'integer', minimum: 0 } as const satisfies JsonSchema;
const text = { type: 'string', minLength: 1 } as const satisfies JsonSchema;
const sha256 = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const satisfies JsonSchema;
const interval = { type: 'array', items: finite, minItems: 2, maxItems: 2 } as const satisfies JsonSchema;
const source = objectSchema({ name: text, sha256 });
const settings = { type: 'object', additionalProperties: settingSchema } as const satisfies JsonSchema;
const measured = objectSchema({
  ece: finite,
  mce: finite,
  brier: finite,
  interval: objectSchema({ ece: interval, mce: interval, brier: interval }),
});

/** The JSON Schema of a map of scores. */
const scoreMapSchema = objectSchemaWithOptional(
  {
    scoreMap: { type: 'integer', const: 1 },
    createdAt: text,
    command: text,
    map: {
      oneOf: [
        objectSchema({
          kind: { const: 'temperature' },
          temperature: { type: 'number', exclusiveMinimum: 0, maximum: 1000 },
        }),
        objectSchema({
          kind: { const: 'isotonic' },
          from: { type: 'array', items: share, minItems: 1 },
          to: { type: 'array', items: share, minItems: 1 },
        }),
      ],
    },
    protocol: settings,
    model: objectSchema({ id: text, sha256 }),
    detector: settings,
    source: objectSchema({ predictions: source, annotations: source }),
    fitted: objectSchema({ images: count, detections: count, right: count }),
    fittedOn: { type: 'array', items: { type: 'string', pattern: '^[0-9a-f]{16}$' } },
    heldOut: objectSchema({
      images: count,
      detections: count,
      before: measured,
      after: measured,
      difference: measured,
      newTies: count,
    }),
    ap50: objectSchema({ before: share, after: share }),
    environment: { type: 'object', additionalProperties: { oneOf: [{ type: 'string' }, { type: 'number' }] } },
  },
  ['command', 'model', 'detector'],
);

const contract: JsonContract = {
  schema: scoreMapSchema,
  what: 'a score map',
  next: 'make one with retinabench calibrate',
  ErrorClass: ProtocolError,
};

/**
 * Read a map of scores.
 *
 * @param place the file's name, for messages.
 * @throws {ProtocolError} if the text is not one, or its steps do not ascend.
 */
export function parseScoreMap(json: string, place: string): ScoreMapFile {
  const file = readJson<ScoreMapFile>(json, place, contract);
  if (file.map.kind === 'isotonic') {
    const { from, to } = file.map;
    const rises = (values: readonly number[]): boolean =>
      values.every((value, at) => at === 0 || value > values[at - 1]);
    if (from.length !== to.length || !rises(from) || !rises(to)) {
      throw new ProtocolError(
        `${place}: map: expected as many ascending values in "to" as in "from", got ${to.length} and ${from.length}, or values that fall; ${contract.next}`,
      );
    }
  }
  return file;
}
