import { describe, expect, test } from 'vitest';
import { litertWasm } from '../../../src/runtimes/litert/litert-wasm.js';
import { graphModel, nodeOf, noise } from '../tfjs/node-model.js';

const state = await litertWasm.availability();

describe.skipIf(!state.available)('a session of litert-wasm (skipped where it is absent)', () => {
  // The largest of 2 x 2 cells, at several sizes.
  const model = graphModel(
    [[1, 3, 'h', 'w']],
    [nodeOf('MaxPool', ['x0'], 'y', { kernel_shape: [2, 2], strides: [2, 2] })],
    ['y'],
    [],
  );
  const images = [2, 4, 6, 8, 10, 12].map((height) => ({
    data: Float32Array.from(noise(3 * height * 4, height)),
    dims: [1, 3, height, 4],
  }));

  /** By the definition. */
  function pooled({ data, dims: [, , height, width] }: (typeof images)[number]): number[] {
    const at = (plane: number, row: number, column: number): number => data[(plane * height + row) * width + column];
    const made: number[] = [];
    for (let plane = 0; plane < 3; plane++) {
      for (let row = 0; row < height; row += 2) {
        for (let column = 0; column < width; column += 2) {
          const cells = [0, 1].flatMap((down) => [0, 1].map((right) => at(plane, row + down, column + right)));
          made.push(Math.max(...cells));
        }
      }
    }
    return made;
  }

  test('gives each of several runs that are asked for at once its own outputs', async () => {
    const session = await litertWasm.createSession(model, 'm', { threads: 1 });
    await Promise.all(
      images.map(async (image) => {
        const { y } = await session.run({ x0: image });
        expect([...y.data]).toEqual(pooled(image));
      }),
    );
    await session.dispose();
  });

  test('ends what was asked for before it is disposed, and nothing after', async () => {
    const session = await litertWasm.createSession(model, 'm', { threads: 1 });
    const running = session.run({ x0: images[1] });
    const disposed = session.dispose();
    await expect(session.run({ x0: images[1] })).rejects.toThrow('m: the session was disposed; create another');
    expect([...(await running).y.data]).toEqual(pooled(images[1]));
    await disposed;
  });
});
