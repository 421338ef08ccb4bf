import { readOnnx, writeOnnx } from '@retinabench/models';

/**
 * The model as OpenCV's importer takes it: fixed input sides, and every Split of unequal parts as slices.
 *
 * @param {Uint8Array} onnx
 * @param {number} widthPx
 * @param {number} heightPx
 * @returns {Uint8Array}
 */
export function forOpenCv(onnx, widthPx, heightPx) {
  const model = readOnnx(onnx, 'model');
  const { graph } = model;
  const constants = new Map(graph.initialisers.map((tensor) => [tensor.name, tensor]));
  const added = [];
  const int64 = (name, values) => {
    added.push({
      name,
      elementType: 'int64',
      dims: [values.length],
      bytes: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer),
    });
    return name;
  };
  const nodes = graph.nodes.flatMap((node) => {
    if (node.op !== 'Split') return [node];
    const { bytes } = constants.get(node.inputs[1]);
    const sizes = Array.from(new BigInt64Array(new Uint8Array(bytes).buffer), Number);
    let start = 0;
    return sizes.map((size, part) => {
      const name = `${node.name}.${part}`;
      const bounds = [`${name}.start`, `${name}.end`, `${name}.axis`];
      const inputs = [node.inputs[0], int64(bounds[0], [start]), int64(bounds[1], [start + size])];
      inputs.push(int64(bounds[2], [node.attributes.axis?.value ?? 0]));
      start += size;
      return { name, op: 'Slice', domain: '', inputs, outputs: [node.outputs[part]], attributes: {} };
    });
  });
  const inputs = graph.inputs.map((input) => ({ ...input, dims: [1, 3, heightPx, widthPx] }));
  return writeOnnx({ ...model, graph: { ...graph, nodes, inputs, initialisers: [...graph.initialisers, ...added] } });
}
