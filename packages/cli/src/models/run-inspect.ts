import { ModelError } from '@retinabench/core';
import { countParameters, isTflite, type OnnxModel, type OnnxValue, readOnnx } from '@retinabench/models';
import { type OnnxFile, readOnnxFile } from '@retinabench/models/node';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';
import { availabilityRows, type BackendVerdict } from './inspect-backends.js';
import { inspectTflite } from './inspect-tflite.js';

/** The action of `retinabench models inspect`. */
export async function runInspect(onnx: string, flags: OutputFlags): Promise<void> {
  const output = outputOf(flags);
  const file = await readOnnxFile(onnx).catch((cause: Error & { code?: string }) => {
    if (cause.code === undefined) throw cause;
    throw new ModelError(`${onnx}: expected a readable model file, got ${cause.code}; check the path`, { cause });
  });
  if (isTflite(file.bytes)) return inspectTflite(onnx, file, output);
  const model = readOnnx(file.bytes, onnx);
  const backends = await availabilityRows(file.bytes, onnx);
  printJson(output, describe(onnx, file, model, backends));
  const values = (kind: string, list: readonly OnnxValue[]): string[][] =>
    list.map(({ name, elementType, dims }) => [kind, name, elementType, `[${dims.join(', ')}]`]);
  printResult(
    output,
    [
      `file:        ${onnx} (${file.sizeBytes.toLocaleString('en')} bytes${file.externalFiles.length > 0 ? `, with ${file.externalFiles.join(', ')}` : ''})`,
      `sha256:      ${file.sha256}`,
      `producer:    ${model.producer || 'not stated'}; operator set ${model.opset}`,
      `parameters:  ${countParameters(model).toLocaleString('en')}`,
      ...Object.entries(model.metadata).map(([key, value]) => `metadata:    ${key} = ${value.slice(0, 200)}`),
      '',
      renderTable(
        [{ heading: '' }, { heading: 'name' }, { heading: 'elements' }, { heading: 'dimensions' }],
        [...values('input', model.graph.inputs), ...values('output', model.graph.outputs)],
      ),
      '',
      `operators:   ${operators(model)
        .map(([op, count]) => `${op} ${count}`)
        .join(', ')}`,
      '',
      renderTable(
        [{ heading: 'backend' }, { heading: 'runs it' }, { heading: 'why not' }],
        backends.map(({ id, runs, reason }) => [id, runs ? 'yes' : 'no', reason ?? '']),
      ),
    ].join('\n'),
  );
}

function describe(onnx: string, file: OnnxFile, model: OnnxModel, backends: readonly BackendVerdict[]): object {
  return {
    onnx,
    bytes: file.sizeBytes,
    sha256: file.sha256,
    externalFiles: file.externalFiles,
    producer: model.producer,
    operatorSet: model.opset,
    parameters: countParameters(model),
    metadata: model.metadata,
    inputs: model.graph.inputs,
    outputs: model.graph.outputs,
    operators: Object.fromEntries(operators(model)),
    backends,
  };
}

/** Operators with how often each occurs, most frequent first; those of other sets with their domain. */
function operators({ graph }: OnnxModel): [string, number][] {
  const counts = new Map<string, number>();
  for (const { op, domain } of graph.nodes) {
    const name = domain === '' ? op : `${domain}:${op}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
