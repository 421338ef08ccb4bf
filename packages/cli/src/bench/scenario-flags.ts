import { mostLateOf, type Scenario } from '@retinabench/backends';
import { ProtocolError } from '@retinabench/core';

/** The flags that choose how images come. */
export interface ScenarioFlags {
  readonly scenario?: 'server' | 'stream';
  readonly latencyBound?: number;
  readonly queries?: number;
  readonly fps?: number;
  readonly frames?: number;
  readonly seed: number;
}

const defaultQueries = 400;
const defaultFramesPerSecond = 30;
const defaultFrames = 300;

/**
 * The scenario that the flags ask for; undefined: one image after the other.
 *
 * @throws {ProtocolError} if a flag belongs to another scenario, the bound of a server is missing, or too few queries are
 * asked for to show anything at p99.
 */
export function scenarioOf(flags: ScenarioFlags): Scenario | undefined {
  const { scenario, latencyBound, queries, fps, frames, seed } = flags;
  const refuse = (given: Readonly<Record<string, unknown>>, wanted: string): void => {
    const [name] = Object.keys(given).filter((flag) => given[flag] !== undefined);
    if (name !== undefined)
      throw new ProtocolError(`${name}: belongs to --scenario ${wanted}; add it, or leave ${name} out`);
  };
  if (scenario !== 'server') refuse({ '--latency-bound': latencyBound, '--queries': queries }, 'server');
  if (scenario !== 'stream') refuse({ '--fps': fps, '--frames': frames }, 'stream');
  if (scenario === undefined) return undefined;
  if (scenario === 'stream') {
    return { kind: 'stream', framesPerSecond: fps ?? defaultFramesPerSecond, frames: frames ?? defaultFrames };
  }
  if (latencyBound === undefined) {
    throw new ProtocolError(
      '--scenario server: expected the latency that 99 % of the queries must hold, got none; add --latency-bound MS',
    );
  }
  const asked = queries ?? defaultQueries;
  if (mostLateOf(asked) === undefined) {
    throw new ProtocolError(
      `--queries ${asked}: expected at least 299, for fewer cannot show that 99 % hold a bound, even if all do`,
    );
  }
  return { kind: 'server', boundMs: latencyBound, queries: asked, seed };
}
