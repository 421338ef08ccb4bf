import type { OnnxModel } from '../onnx/model.js';

/**
 * A copy of a model that also outputs the named values, so that a runtime can measure their range.
 *
 * @param names values made by nodes.
 */
export function exposeValues(model: OnnxModel, names: readonly string[]): OnnxModel {
  const { graph } = model;
  const given = new Set(graph.outputs.map(({ name }) => name));
  const more = names
    .filter((name) => !given.has(name))
    .map((name) => ({
      name,
      elementType: 'float' as const,
      dims: ['d0', 'd1', 'd2', 'd3'].map((dim) => `${name}.${dim}`),
    }));
  return { ...model, graph: { ...graph, outputs: [...graph.outputs, ...more] } };
}
