import { describe, expect, test } from 'vitest';
import { litertWasm } from '../../../src/runtimes/litert/litert-wasm.js';
import { nodeHost } from '../../../src/runtimes/litert/node-host.js';
import { floats, graphModel, nodeOf, noise, tensorOf } from '../tfjs/node-model.js';

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

  test('refuses an input that its memory does not suffice for, which LiteRT says in its log alone, and goes on with others', async () => {
    // 1 to 64 channels, each the one times 1, and back to their sum, 64 times the one: 1 MB in and out at 512 x 512, 64 MB between.
    const weights = [
      [64, 1],
      [1, 64],
    ].map((dims, at) => tensorOf(`w${at}`, floats([...dims, 1, 1], new Array<number>(64).fill(1))));
    const nodes = [
      nodeOf('Conv', ['x0', 'w0'], 'a', {}),
      nodeOf('Relu', ['a'], 'b', {}),
      nodeOf('Conv', ['b', 'w1'], 'y', {}),
    ];
    const session = await litertWasm.createSession(graphModel([[1, 1, 'h', 'w']], nodes, ['y'], weights), 'wide', {
      threads: 1,
    });
    const runAt = async (side: number): Promise<Set<number>> => {
      const data = new Float32Array(side * side).fill(0.5);
      return new Set((await session.run({ x0: { data, dims: [1, 1, side, side] } })).y.data);
    };
    const unlimit = limitMemory(2 ** 28);
    try {
      const fill = await fillMemory(2 ** 22);
      await expect(runAt(512)).rejects.toThrow(/^wide: .*ERROR: .*smaller --scale/);
      expect(await runAt(16)).toEqual(new Set([32]));
      for (const tensor of fill) tensor.delete();
      expect(await runAt(512)).toEqual(new Set([32]));
    } finally {
      unlimit();
    }
    await session.dispose();
  });
});

/**
 * Let no WebAssembly of this process grow past so many bytes, as on a machine that has no more, so that LiteRT's own 2 GB need not be
 * filled.
 *
 * @returns what lifts the limit.
 */
function limitMemory(bytes: number): () => void {
  const { prototype } = WebAssembly.Memory;
  const { grow } = prototype;
  prototype.grow = function (this: WebAssembly.Memory, pages) {
    if (this.buffer.byteLength + pages * 65_536 > bytes) throw new RangeError('the memory cannot grow');
    return grow.call(this, pages);
  };
  return () => {
    prototype.grow = grow;
  };
}

/** Take what memory LiteRT has, in pieces of so many numbers, but for one piece. */
async function fillMemory(numbers: number): Promise<{ delete(): void }[]> {
  const { module } = await nodeHost.start();
  const piece = new Float32Array(numbers);
  const taken: { delete(): void }[] = [];
  try {
    for (;;) taken.push(new module.Tensor(piece, [numbers]));
  } catch {
    taken.pop()?.delete();
    return taken;
  }
}
