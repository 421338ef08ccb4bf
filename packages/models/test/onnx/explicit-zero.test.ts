import { expect, test } from 'vitest';
import { type OnnxModel, readOnnx, writeOnnx } from '../../src/index.js';

test('an attribute that is zero is written, not left out: proto2 readers tell the two apart', () => {
  const value = (name: string) => ({ name, elementType: 'float', dims: ['n'] }) as const;
  const node = (axis: number) => ({
    name: 'join',
    op: 'Concat',
    domain: '',
    inputs: ['a', 'b'],
    outputs: ['c'],
    attributes: { axis: { kind: 'int', value: axis } as const },
  });
  const modelOf = (axis: number): OnnxModel => ({
    irVersion: 8,
    opset: 13,
    producer: 'test',
    metadata: {},
    graph: { name: 'g', nodes: [node(axis)], initialisers: [], inputs: [value('a'), value('b')], outputs: [] },
  });
  // The attribute `i` is field 3 of type varint: tag 0x18, value 0x00.
  const bytes = Buffer.from(writeOnnx(modelOf(0)));
  expect(bytes.includes(Buffer.from([0x18, 0x00]))).toBe(true);
  expect(bytes.length).toBe(writeOnnx(modelOf(1)).length);
  expect(readOnnx(bytes, 'test.onnx').graph.nodes[0].attributes.axis).toEqual({ kind: 'int', value: 0 });
});
