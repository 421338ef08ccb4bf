import { describe, expect, it } from 'vitest';
import { ModelError, ShapeError } from '../../src/errors.js';
import { MeshDecoder } from '../../src/mesh/decoder.js';
import {
  buildWeights,
  type DecoderShape,
  type DecoderWeights,
  decoderTensors,
  readDecoderWeights,
} from '../../src/mesh/decoder-weights.js';
import type { FloatArray } from '../../src/mesh/float-array.js';
import { buildHierarchy } from '../../src/mesh/hierarchy.js';
import { loadHierarchy, saveHierarchy } from '../../src/mesh/hierarchy-file.js';
import { readSafetensors } from '../../src/safetensors/read.js';
import { writeSafetensors } from '../../src/safetensors/write.js';
import { numbers, sphere } from './shapes.js';

const hierarchy = buildHierarchy(sphere(2), 3, 'sphere');
const shape: DecoderShape = { latent: 5, order: 3, features: [4, 3, 2], colour: 'sigmoid' };

function seeded(precision: 'float32' | 'float64', colour: DecoderShape['colour'] = 'sigmoid'): DecoderWeights {
  let seed = 10;
  return buildWeights({ ...shape, colour }, hierarchy, (_, dims) => {
    const values = numbers(
      dims.reduce((product, size) => product * size, 1),
      seed++,
    );
    return precision === 'float64' ? values : Float32Array.from(values);
  });
}

describe('buildHierarchy', () => {
  it('quarters the vertices a level, rounded up', () => {
    expect(hierarchy.levels.map(({ lhat }) => lhat.rows)).toEqual([66, 17, 5]);
    expect(hierarchy.upsample.map(({ rows, columns }) => [rows, columns])).toEqual([
      [66, 17],
      [17, 5],
    ]);
    expect(() => buildHierarchy(sphere(0), 3, 'octahedron')).toThrow(/octahedron, level/);
    expect(() => buildHierarchy(sphere(0), 0, 'octahedron')).toThrow(ShapeError);
  });

  it('comes back from its file as it was', () => {
    expect(loadHierarchy(saveHierarchy(hierarchy, { licence: 'MIT' }), 'h.safetensors')).toEqual(hierarchy);
  });

  it('refuses a file without a level, with a foreign column or with no levels', () => {
    const file = readSafetensors(saveHierarchy(hierarchy), 'h');
    const bytesWith = (change: (tensors: Map<string, unknown>) => void, metadata = file.metadata): Uint8Array => {
      const tensors = new Map(file.tensors);
      change(tensors);
      return writeSafetensors({ tensors, metadata });
    };
    const missing = bytesWith((tensors) => tensors.delete('level.1.triangles'));
    expect(() => loadHierarchy(missing, 'h')).toThrow(/h: expected level\.1\.triangles as Uint32Array, got nothing/);
    const foreign = bytesWith((tensors) => {
      const columnIndex = hierarchy.upsample[0].columnIndex.slice().fill(99);
      tensors.set('upsample.0.columnIndex', { format: 'U32', shape: [columnIndex.length], data: columnIndex });
    });
    expect(() => loadHierarchy(foreign, 'h')).toThrow(/columns below 17, got 99/);
    expect(() =>
      loadHierarchy(
        bytesWith(() => undefined, {}),
        'h',
      ),
    ).toThrow(ModelError);
    expect(() =>
      loadHierarchy(
        bytesWith(() => undefined, { levels: '1e9' }),
        'h',
      ),
    ).toThrow(ModelError);
  });
});

describe('MeshDecoder', () => {
  it('gives mean and colour function of the mean where all layers are zero', () => {
    // logistic(ln 3) = 3/4; (1 + tanh(ln 3)) / 2 = 9/10.
    for (const [colour, expected] of [
      ['sigmoid', 0.75],
      ['tanh', 0.9],
    ] as const) {
      const weights = buildWeights({ ...shape, colour }, hierarchy, (name, dims) => {
        const length = dims.reduce((product, size) => product * size, 1);
        return new Float64Array(length).fill(name === 'mean' ? Math.log(3) : 0);
      });
      const vertices = new MeshDecoder(hierarchy, weights, 'float64').decode(numbers(5, 1));
      expect(vertices).toHaveLength(66 * 6);
      expect(vertices[0]).toBeCloseTo(Math.log(3), 12);
      expect(vertices[3]).toBeCloseTo(expected, 12);
    }
  });

  it.each(['sigmoid', 'tanh'] as const)('agrees with central differences in P_ST and every weight, %s', (colour) => {
    const decoder = new MeshDecoder(hierarchy, seeded('float64', colour), 'float64');
    const { weights } = decoder;
    const latent = numbers(5, 2);
    const direction = numbers(66 * 6, 3);
    const loss = (): number => {
      const vertices = decoder.decode(latent);
      return direction.reduce((sum, value, at) => sum + value * vertices[at], 0);
    };
    loss();
    const sink = decoder.weightGradient(hierarchy);
    const latentGradient = decoder.backward(direction, new Float64Array(5), sink);
    const pairs: [FloatArray, FloatArray][] = [
      [latent, latentGradient],
      [weights.dense.weight, sink.dense.weight],
      [weights.dense.bias, sink.dense.bias],
    ];
    weights.convolutions.forEach(({ theta, bias }, index) => {
      pairs.push([theta, sink.convolutions[index].theta], [bias, sink.convolutions[index].bias]);
    });
    for (const [parameters, analytic] of pairs) {
      for (let at = 0; at < parameters.length; at++) {
        const value = parameters[at];
        parameters[at] = value + 1e-5;
        const above = loss();
        parameters[at] = value - 1e-5;
        const below = loss();
        parameters[at] = value;
        const numeric = (above - below) / 2e-5;
        expect(Math.abs(numeric - analytic[at])).toBeLessThan(1e-6 * Math.max(1, Math.abs(numeric)));
      }
    }
  });

  it.each(['float32', 'simd'] as const)(
    'is the same in %s as in float64 to 1e-5, forward and backward',
    (arithmetic) => {
      const latent = numbers(5, 2);
      const direction = numbers(66 * 6, 3);
      const run = (kind: 'simd' | 'float32' | 'float64'): FloatArray[] => {
        const decoder = new MeshDecoder(hierarchy, seeded('float64'), kind);
        const vertices = decoder.decode(latent);
        const sink = decoder.weightGradient(hierarchy);
        const gradient = decoder.backward(direction, new Float64Array(5), sink);
        return [
          vertices,
          gradient,
          sink.dense.weight,
          sink.dense.bias,
          ...sink.convolutions.flatMap((c) => [c.theta, c.bias]),
        ];
      };
      const exact = run('float64');
      run(arithmetic).forEach((values, index) => {
        const largest = Math.max(...Array.from(exact[index], Math.abs));
        exact[index].forEach((value, at) => {
          expect(Math.abs(values[at] - value)).toBeLessThan(1e-5 * largest);
        });
      });
    },
  );

  it('refuses a latent of another length', () => {
    const decoder = new MeshDecoder(hierarchy, seeded('float32'));
    expect(() => decoder.decode(new Float32Array(4))).toThrow(/expected P_ST of 5 numbers, got 4/);
  });
});

describe('decoder weights', () => {
  const file = (): ReturnType<typeof readSafetensors> =>
    readSafetensors(writeSafetensors(decoderTensors(seeded('float32'), hierarchy, { licence: 'MIT' })), 'w');

  it('come back from safetensors, the dense layer within half precision', () => {
    const weights = readDecoderWeights(file(), hierarchy, 'w');
    const before = seeded('float32');
    expect(weights.shape).toEqual(shape);
    expect(weights.convolutions).toEqual(before.convolutions);
    weights.dense.weight.forEach((value, at) => {
      expect(Math.abs(value - before.dense.weight[at])).toBeLessThanOrEqual(2 ** -12);
    });
  });

  it('are refused where a tensor is missing, of another shape, or not finite, or for another hierarchy', () => {
    const { tensors, metadata } = file();
    const without = new Map(tensors);
    without.delete('mean');
    expect(() => readDecoderWeights({ tensors: without, metadata }, hierarchy, 'w')).toThrow(
      /w: expected mean \[66, 6\].*got nothing/,
    );
    const other = buildHierarchy(sphere(3), 3, 'sphere');
    expect(() => readDecoderWeights({ tensors, metadata }, other, 'w')).toThrow(ModelError);
    const broken = new Map(tensors);
    broken.set('dense.bias', { format: 'F32', shape: [20], data: new Float32Array(20).fill(Number.NaN) });
    expect(() => readDecoderWeights({ tensors: broken, metadata }, hierarchy, 'w')).toThrow(/NaN at 0/);
    expect(() => readDecoderWeights({ tensors, metadata: {} }, hierarchy, 'w')).toThrow(ModelError);
  });
});
