import { describe, expect, test } from 'vitest';
import { asPlanes } from '../../src/backend/channels.js';
import { RecordingSession } from '../../src/backend/recording-session.js';
import { floats, graphModel, ints, nodeOf, noise, tensorOf } from '../runtimes/tfjs/node-model.js';
import { plannedBackends } from '../runtimes/tfjs/tfjs-backends.js';

/** Two images of two channels, one row of three cells; those of the second image are 10 more. */
const dims = [2, 2, 1, 3];
const planes = [1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16];
const cells = [1, 4, 2, 5, 3, 6, 11, 14, 12, 15, 13, 16];
const fed = { data: Float32Array.from(cells), dims, channelsLast: true as const };

test('asPlanes puts each channel of each image together; what lies so comes back as it is', () => {
  expect([...asPlanes(fed)]).toEqual(planes);
  const plain = { data: Float32Array.from(planes), dims };
  expect(asPlanes(plain)).toBe(plain.data);
});

describe.each(plannedBackends)('$id, fed channels last', (backend) => {
  const model = graphModel(
    [dims],
    [
      nodeOf('Conv', ['x0', 'w'], 'convolved'),
      nodeOf('Reshape', ['x0', 'flat'], 'reshaped'),
      nodeOf('Mul', ['x0', 'two'], 'doubled'),
    ],
    ['convolved', 'reshaped', 'doubled'],
    [tensorOf('w', floats([4, 2, 1, 1], noise(8, 5))), tensorOf('flat', ints(-1)), tensorOf('two', floats([], [2]))],
  );

  test('gives what it gives of planes, also where the order of the numbers is the result', async () => {
    const session = await backend.createSession(model, 'test.onnx', { threads: 1 });
    try {
      expect(session.takesChannelsLast).toBe(true);
      const copies = async (feed: typeof fed | Omit<typeof fed, 'channelsLast'>) =>
        Object.fromEntries(
          Object.entries(await session.run({ x0: feed })).map(([name, { data }]) => [name, [...data]]),
        );
      const expected = await copies({ data: Float32Array.from(planes), dims });
      expect(expected.reshaped).toEqual(planes);
      expect(await copies(fed)).toEqual(expected);
    } finally {
      await session.dispose();
    }
  });

  test('is recorded as planes, so that any other session can be fed with it', async () => {
    const session = new RecordingSession(await backend.createSession(model, 'test.onnx', { threads: 1 }));
    try {
      expect(session.takesChannelsLast).toBe(true);
      await session.run({ x0: fed });
      const [{ feeds }] = session.take();
      expect(feeds.x0).toEqual({ data: Float32Array.from(planes), dims });
    } finally {
      await session.dispose();
    }
  });
});
