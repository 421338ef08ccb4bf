import fc from 'fast-check';
import { AllocationCounter } from './allocation-counter.js';

/** A parser and what it is fed. */
export interface FuzzTarget<Input> {
  /** Stands in the report. */
  readonly name: string;
  readonly inputs: fc.Arbitrary<Input>;
  readonly parse: (input: Input) => unknown;
  /** Classes that an error must be of. */
  readonly errors: readonly (abstract new (
    message: string,
  ) => Error)[];
  /** What a message starts with: the name of the file. */
  readonly place: string;
  readonly seed: number;
  /** Number of inputs; see fuzzRuns. */
  readonly runs: number;
  /** Bytes of typed arrays that an input of `bytes` bytes may cost. Default: 1 MiB and 64 times its size. */
  readonly allowedBytes?: (bytes: number) => number;
  /** For a parser that makes something of every input. */
  readonly refusesNothing?: boolean;
  /** Size of an input that is neither bytes nor text. */
  readonly sizeOf?: (input: Input) => number;
}

/** What came of a parser's inputs. */
export interface FuzzReport {
  readonly inputs: number;
  readonly accepted: number;
  readonly refused: number;
  /** Of processor time, all threads together: what else the machine does is not the parser's. */
  readonly slowestMs: number;
  /** Bytes of typed arrays asked for by the input that asked for most. */
  readonly largestAllocationBytes: number;
}

/** Fewer inputs than this may all have the same fate. */
const fewestToJudge = 250;

/** Longest message: a file's content is quoted in part, never whole. */
const longestMessage = 4_000;

/**
 * Feed a parser seeded inputs and hold every one to the same contract: it gives a value or an error of the classes
 * allowed, whose message starts with the place and is bounded; it asks for memory in proportion to its input, and it
 * leaves the prototypes of the language alone. A parser that accepts all or none of the inputs is not being tested, so
 * that fails too.
 *
 * With `RETINABENCH_FUZZ_REPORT` set, a line of what came of it is printed, the slowest input among it; times are never
 * asserted, since they depend on the machine.
 */
export async function fuzzParser<Input>(target: FuzzTarget<Input>): Promise<FuzzReport> {
  const counter = new AllocationCounter();
  const prototypes = snapshotPrototypes();
  const report = { inputs: 0, accepted: 0, refused: 0, slowestMs: 0, largestAllocationBytes: 0 };
  const property = fc.asyncProperty(target.inputs, async (input) => {
    const outcome = await run(target, input, counter);
    report.inputs++;
    report.slowestMs = Math.max(report.slowestMs, outcome.ms);
    report.largestAllocationBytes = Math.max(report.largestAllocationBytes, counter.bytes);
    if (outcome.error === undefined) report.accepted++;
    else {
      report.refused++;
      assertTyped(outcome.error, target);
    }
    assertPrototypes(prototypes);
    const allowed = (target.allowedBytes ?? defaultAllowance)(sizeOf(input, target));
    if (counter.bytes > allowed) {
      throw new Error(`asked for ${counter.bytes} bytes of typed arrays, where ${allowed} are in proportion`);
    }
  });
  await fc.assert(property, { seed: target.seed, numRuns: target.runs, asyncReporter: reportFailure(target.name) });
  const oneSided = report.accepted === 0 || (report.refused === 0 && !target.refusesNothing);
  if (oneSided && report.inputs >= fewestToJudge) {
    throw new Error(`${target.name}: expected inputs of both kinds, got ${JSON.stringify(report)}; fix the generator`);
  }
  if (process.env.RETINABENCH_FUZZ_REPORT) {
    const { inputs, accepted, slowestMs, largestAllocationBytes } = report;
    console.log(
      `fuzz | ${target.name} | ${inputs} | ${accepted} | ${slowestMs.toFixed(1)} ms | ${(largestAllocationBytes / 1024).toFixed(0)} KiB`,
    );
  }
  return report;
}

/** Fails with the smallest input in a form that can be read again, the seed, and what went wrong as the cause. */
function reportFailure<Input>(name: string): (details: fc.RunDetails<[Input]>) => Promise<void> {
  return async ({ failed, seed, counterexamplePath, counterexample, numRuns, errorInstance }) => {
    if (!failed) return;
    const input = counterexample?.[0];
    const shown =
      input instanceof Uint8Array ? `base64 ${Buffer.from(input).toString('base64')}` : JSON.stringify(input ?? null);
    throw new Error(
      `${name}: input ${numRuns} (seed ${seed}, path ${counterexamplePath}) fails: ${(errorInstance as Error).message}\n${shown.slice(0, 3000)}`,
      { cause: errorInstance },
    );
  };
}

async function run<Input>(
  { parse }: FuzzTarget<Input>,
  input: Input,
  counter: AllocationCounter,
): Promise<{ error?: unknown; ms: number }> {
  const begun = process.cpuUsage();
  counter.start();
  try {
    const value = parse(input);
    if (value instanceof Promise) await value;
    return { ms: cpuMs(begun) };
  } catch (error) {
    return { error: error ?? new Error('nothing was thrown'), ms: cpuMs(begun) };
  } finally {
    counter.stop();
  }
}

function cpuMs(begun: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}

function assertTyped<Input>(error: unknown, { errors, place }: FuzzTarget<Input>): void {
  if (!errors.some((kind) => error instanceof kind)) throw error;
  const { message } = error as Error;
  if (!message.startsWith(place) || message.length > longestMessage) {
    throw new Error(
      `expected a message of at most ${longestMessage} characters that starts with ${place}, got ${message.length}: ${message.slice(0, 500)}`,
      { cause: error },
    );
  }
}

function defaultAllowance(bytes: number): number {
  return 2 ** 20 + 64 * bytes;
}

function sizeOf<Input>(input: Input, target: FuzzTarget<Input>): number {
  if (target.sizeOf !== undefined) return target.sizeOf(input);
  if (input instanceof Uint8Array || typeof input === 'string') return input.length;
  throw new Error(`${target.name}: expected sizeOf for inputs that are neither bytes nor text`);
}

const guarded = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype] as const;

function snapshotPrototypes(): readonly ReadonlySet<PropertyKey>[] {
  return guarded.map((prototype) => new Set(Reflect.ownKeys(prototype)));
}

/** What was added is taken away again, so that it does not fail the inputs that come after. */
function assertPrototypes(before: readonly ReadonlySet<PropertyKey>[]): void {
  guarded.forEach((prototype, index) => {
    const keys = Reflect.ownKeys(prototype);
    if (keys.length === before[index].size) return;
    for (const key of keys) if (!before[index].has(key)) Reflect.deleteProperty(prototype, key);
    throw new Error(`the prototype of ${prototype.constructor.name} was changed`);
  });
}
