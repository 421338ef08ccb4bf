import { describe, expect, test } from 'vitest';
import { expectAgreement, noiseFeeds } from './agreement.js';
import { floats, graphModel, ints, nodeOf, tensorOf } from './node-model.js';
import { plannedBackends, tfjsBackends } from './tfjs-backends.js';

/** Boxes suppressed in the graph, gathered, filled up to 8 rows, and counted, as exporters write it. */
function suppressing(scoreThreshold: number): Uint8Array {
  return graphModel(
    [
      [1, 20, 4],
      [1, 1, 20],
    ],
    [
      nodeOf('Sigmoid', ['x1'], 'scores'),
      nodeOf('NonMaxSuppression', ['x0', 'scores', 'most', 'iou', 'floor'], 'selected'),
      nodeOf('Gather', ['selected', 'last'], 'column', { axis: 1 }),
      nodeOf('Reshape', ['column', 'flat'], 'rows'),
      nodeOf('Gather', ['x0', 'rows'], 'kept', { axis: 1 }),
      nodeOf('Mul', ['kept', 'double'], 'scaled'),
      nodeOf('Concat', ['scaled', 'fill'], 'filled', { axis: 1 }),
      nodeOf('Slice', ['filled', 'zero', 'eight', 'one'], 'boxes'),
      nodeOf('Shape', ['rows'], 'shape'),
      nodeOf('Cast', ['shape'], 'count', { to: 1 }),
      // Not in the tail: what does not depend on the selection stays planned.
      nodeOf('Exp', ['x0'], 'early'),
    ],
    ['boxes', 'count', 'early'],
    [
      tensorOf('most', ints(8)),
      tensorOf('iou', floats([1], [0.3])),
      tensorOf('floor', floats([1], [scoreThreshold])),
      tensorOf('last', ints(2)),
      tensorOf('flat', ints(-1)),
      tensorOf('double', floats([], [2])),
      tensorOf('fill', floats([1, 8, 4], new Array(32).fill(-1))),
      tensorOf('zero', ints(0)),
      tensorOf('eight', ints(8)),
      tensorOf('one', ints(1)),
    ],
  );
}

const feeds = noiseFeeds([
  [1, 20, 4],
  [1, 1, 20],
]);

describe.each(plannedBackends)('$id, on what depends on the content of the input', (backend) => {
  test('gives the rows that ONNX Runtime gives', () => expectAgreement(backend, suppressing(0.5), feeds));

  test('names the model where the rows fit no shape that the network asks for, and goes on', async () => {
    const model = graphModel(
      [[1, 4]],
      [nodeOf('NonZero', ['x0'], 'cells'), nodeOf('Reshape', ['cells', 'two'], 'y')],
      ['y'],
      [tensorOf('two', ints(2, 2))],
    );
    const session = await backend.createSession(model, 'test.onnx', { threads: 1 });
    try {
      const fed = (...values: number[]) => ({ x0: { data: Float32Array.from(values), dims: [1, 4] } });
      await expect(session.run(fed(1, 1, 1, 0))).rejects.toThrow(/^test\.onnx: .*Reshape.*the session stays usable$/);
      // Columns of the two that are not 0: indices of axis 0, then of axis 1.
      expect([...(await session.run(fed(0, 5, 0, 5))).y.data]).toEqual([0, 0, 1, 3]);
    } finally {
      await session.dispose();
    }
  });

  test('gives none where none remains', () => expectAgreement(backend, suppressing(0.999), feeds));
});

describe.each(tfjsBackends)('$id, on what depends on the content of the input', (backend) => {
  test('plans what does not depend on it', async () => {
    const session = await backend.createSession(suppressing(0.5), 'test.onnx', { threads: 1 });
    try {
      const { head, tail } = await session.planFor([
        [1, 20, 4],
        [1, 1, 20],
      ]);
      expect(head.outputs.map(({ name }) => name).sort()).toEqual(['early', 'scores', 'x0']);
      expect(tail?.nodes.map(({ operator }) => operator)[0]).toBe('NonMaxSuppression');
    } finally {
      await session.dispose();
    }
  });
});
