import { createHash } from 'node:crypto';
import {
  checkJson,
  DatasetError,
  type JsonContract,
  type JsonSchema,
  objectSchema,
  objectSchemaWithOptional,
  readJson,
} from '@retinabench/core';
import { boundedList, boundedText } from './bounded.js';
import { mostEntries, mostMs } from './limits.js';
import { conditionKindOf } from './worker-conditions.js';

/** An image of a unit: what the worker needs to find it, and to know that it is the same. */
export interface UnitImage {
  /** Its name in the run. */
  readonly name: string;
  /** Where it lies below the root of the images, steps joined by `/`; absent: it is fetched. */
  readonly path?: string;
  /** SHA-256 of its bytes. */
  readonly sha256: string;
  /** Numbers that belong to it, such as points that are given. */
  readonly numbers?: readonly number[];
}

/** Images that are done together. */
export interface UnitTask {
  readonly images: readonly UnitImage[];
}

/** A range of images to work on. */
export interface Unit {
  readonly version: 1;
  readonly run: string;
  readonly tasks: readonly UnitTask[];
  /** With nothing beside it: its images may have cost a worker. */
  readonly alone?: true;
}

/** What became of a task at a worker. Each answer is as its kind has it, in the order of the task's images. */
export type UnitOutcome =
  | { readonly answers: readonly unknown[] }
  | {
      readonly failure: {
        readonly kind: 'input' | 'work' | 'timeout';
        /** Names of files stand in it as `{0}`, by their place in the task. */
        readonly message: string;
        readonly exitCode: 2 | 3;
      };
    }
  /** Its worker process died with it, and how. */
  | { readonly death: string };

/** A unit that a worker has done. */
export interface UnitResult {
  readonly version: 1;
  readonly run: string;
  readonly worker: string;
  /** From taking the unit to its end, in milliseconds. */
  readonly tookMs: number;
  /** In what the worker differs from what the run asks for, where that is allowed. */
  readonly differs?: readonly string[];
  /** The outcomes in the order of the tasks, as JSON text. */
  readonly outcomes: string;
  /** SHA-256 of run, unit and `outcomes`. */
  readonly sha256: string;
}

/** A relative path of plain steps: none of them `.` or `..`, none absolute. */
const plainPath = '^(?!\\.{1,2}(/|$))[^/\\\\\\0]+(/(?!\\.{1,2}(/|$))[^/\\\\\\0]+)*$';
const hash = { type: 'string', pattern: '^[0-9a-f]{64}$' } as const satisfies JsonSchema;
const runId = { type: 'string', pattern: '^[0-9a-f]{12}$' } as const satisfies JsonSchema;
const next = 'use the same version of retinabench on all machines, and give its queue to nobody else';

const image = objectSchemaWithOptional(
  {
    name: { ...boundedText, minLength: 1 },
    path: { ...boundedText, pattern: plainPath },
    sha256: hash,
    numbers: boundedList({ type: 'number' }),
  },
  ['path', 'numbers'],
);
const unit: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      version: { const: 1 },
      run: runId,
      tasks: {
        type: 'array',
        minItems: 1,
        maxItems: mostEntries,
        items: objectSchema({ images: { type: 'array', minItems: 1, maxItems: mostEntries, items: image } }),
      },
      alone: { const: true },
    },
    ['alone'],
  ),
  what: 'a unit of work',
  next,
  ErrorClass: DatasetError,
};
const result: JsonContract = {
  schema: objectSchemaWithOptional(
    {
      version: { const: 1 },
      run: runId,
      worker: boundedText,
      tookMs: { type: 'number', minimum: 0, maximum: mostMs },
      differs: boundedList(boundedText),
      // Its length is that of the unit's results; the server has held it.
      outcomes: { type: 'string' },
      sha256: hash,
    },
    ['differs'],
  ),
  what: 'the result of a unit',
  next,
  ErrorClass: DatasetError,
};
const outcomes: JsonContract = {
  schema: {
    type: 'array',
    items: {
      oneOf: [
        objectSchema({ answers: { type: 'array' } }),
        objectSchema({
          failure: objectSchema({
            kind: { type: 'string', enum: ['input', 'work', 'timeout'] },
            message: boundedText,
            exitCode: { type: 'integer', enum: [2, 3] },
          }),
        }),
        objectSchema({ death: boundedText }),
      ],
    },
  },
  what: 'the outcomes of a unit',
  next,
  ErrorClass: DatasetError,
};

/** @throws {DatasetError} naming `place` and the field. */
export function parseUnit(value: unknown, place: string): Unit {
  return checkJson<Unit>(value, place, unit);
}

/** The digest that a result carries. */
export function unitDigest(run: string, unitId: string, outcomesJson: string): string {
  return createHash('sha256').update(`${run}\n${unitId}\n${outcomesJson}`).digest('hex');
}

/**
 * Check the result of a unit: its shape, that it is of this run and unit, and that it is whole.
 *
 * @param unitId the unit's id.
 * @param tasks  the unit's tasks.
 * @param allow  in what the worker may differ; an earlier coordinator of the run may have allowed more.
 * @throws {DatasetError} saying what does not fit.
 */
export function parseUnitResult(
  value: unknown,
  {
    run,
    unitId,
    tasks,
    allow,
  }: {
    readonly run: string;
    readonly unitId: string;
    readonly tasks: readonly UnitTask[];
    readonly allow: readonly string[];
  },
): UnitResult & { readonly parsed: readonly UnitOutcome[] } {
  const place = `result of unit ${unitId}`;
  const held = checkJson<UnitResult>(value, place, result);
  const refuse = (what: string): never => {
    throw new DatasetError(`${place}: ${what}; ${next}`);
  };
  if (held.run !== run) refuse(`expected one of run ${run}, got one of ${held.run}`);
  if (held.sha256 !== unitDigest(run, unitId, held.outcomes)) refuse('its digest is not that of its content');
  const differing = held.differs?.find((text) => !allow.includes(conditionKindOf(text)));
  if (differing !== undefined) {
    refuse(
      `made on a machine that differs (${differing}), which --allow ${conditionKindOf(differing)} does not allow now`,
    );
  }
  const parsed = readJson<readonly UnitOutcome[]>(held.outcomes, place, outcomes);
  if (parsed.length !== tasks.length) refuse(`expected ${tasks.length} outcomes, got ${parsed.length}`);
  parsed.forEach((outcome, index) => {
    const count = tasks[index].images.length;
    if ('answers' in outcome && outcome.answers.length !== count) {
      refuse(`expected ${count} answers of task ${index}, got ${outcome.answers.length}`);
    }
  });
  return { ...held, parsed };
}
