import { ProtocolError } from '@retinabench/core';
import { describe, expect, test } from 'vitest';
import { parseShard, takeShard } from '../../src/detection/shard.js';

describe('--shard', () => {
  test('n shards cover every item once', () => {
    const items = Array.from({ length: 11 }, (_, index) => index);
    const shards = [1, 2, 3].map((index) => takeShard(items, parseShard(`${index}/3`)));
    expect(shards.flat().sort((a, b) => a - b)).toEqual(items);
    expect(shards.map(({ length }) => length)).toEqual([4, 4, 3]);
  });

  test.each(['0/2', '3/2', '1', 'a/b', '1/0', '-1/2', '1/2/3'])('rejects %s', (text) => {
    expect(() => parseShard(text)).toThrow(ProtocolError);
  });

  test.each([
    [
      { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '4', SLURM_ARRAY_TASK_MIN: '5' },
      { index: 3, count: 4 },
    ],
    [
      { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '8' },
      { index: 1, count: 8 },
    ],
    [
      { JOB_COMPLETION_INDEX: '7', RETINABENCH_SHARD_COUNT: '8' },
      { index: 8, count: 8 },
    ],
    [
      { AWS_BATCH_JOB_ARRAY_INDEX: '2', AWS_BATCH_JOB_ARRAY_SIZE: '3' },
      { index: 3, count: 3 },
    ],
    [
      { BATCH_TASK_INDEX: '1', BATCH_TASK_COUNT: '2' },
      { index: 2, count: 2 },
    ],
    [
      { CI_NODE_INDEX: '1', CI_NODE_TOTAL: '5' },
      { index: 1, count: 5 },
    ],
    [
      { BUILDKITE_PARALLEL_JOB: '0', BUILDKITE_PARALLEL_JOB_COUNT: '2' },
      { index: 1, count: 2 },
    ],
    [
      { CIRCLE_NODE_INDEX: '3', CIRCLE_NODE_TOTAL: '4' },
      { index: 4, count: 4 },
    ],
    // What the user says goes before what a scheduler says.
    [
      { RETINABENCH_SHARD_INDEX: '2', RETINABENCH_SHARD_COUNT: '2', CI_NODE_INDEX: '1', CI_NODE_TOTAL: '5' },
      { index: 2, count: 2 },
    ],
  ])('auto reads %j as %j', (environment, shard) => {
    expect(parseShard('auto', environment)).toEqual(shard);
  });

  test.each([
    [{}, /got none of .*SLURM_ARRAY_TASK_ID/],
    [{ JOB_COMPLETION_INDEX: '1' }, /not how many there are; set RETINABENCH_SHARD_COUNT/],
    [{ JOB_COMPLETION_INDEX: '8', JOB_COMPLETIONS: '8' }, /expected JOB_COMPLETION_INDEX from 0 to 7/],
    // An array with gaps, --array=1,3,5: three tasks, of which one says 5.
    [{ SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_COUNT: '3', SLURM_ARRAY_TASK_MIN: '1' }, /without gaps/],
    [{ CI_NODE_INDEX: 'two', CI_NODE_TOTAL: '5' }, /whole number in CI_NODE_INDEX, got "two"/],
  ])('auto refuses %j', (environment, message) => {
    expect(() => parseShard('auto', environment)).toThrow(message);
  });
});
