import { countTfliteParameters, readTflite, type TfliteModel, type TfliteTensor } from '@retinabench/models';
import type { OnnxFile } from '@retinabench/models/node';
import { type Output, printJson, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';
import { availabilityRows } from './inspect-backends.js';

/** What `models inspect` says of a .tflite file. */
export async function inspectTflite(place: string, file: OnnxFile, output: Output): Promise<void> {
  const model = readTflite(file.bytes, place);
  const backends = await availabilityRows(file.bytes, place);
  const [inputs, outputs] = [model.inputs, model.outputs].map((list) => list.map((index) => model.tensors[index]));
  const counts = operators(model);
  printJson(output, {
    tflite: place,
    bytes: file.sizeBytes,
    sha256: file.sha256,
    description: model.description,
    parameters: countTfliteParameters(model),
    inputs: inputs.map(describeTensor),
    outputs: outputs.map(describeTensor),
    operators: Object.fromEntries(counts),
    backends,
  });
  const rows = (kind: string, list: readonly TfliteTensor[]): string[][] =>
    list.map((tensor) => [kind, tensor.name, tensor.type, `[${dimsOf(tensor).join(', ')}]`, quantisationOf(tensor)]);
  printResult(
    output,
    [
      `file:        ${place} (${file.sizeBytes.toLocaleString('en')} bytes)`,
      `sha256:      ${file.sha256}`,
      `description: ${model.description || 'not stated'}`,
      `parameters:  ${countTfliteParameters(model).toLocaleString('en')}`,
      '',
      renderTable(
        [
          { heading: '' },
          { heading: 'name' },
          { heading: 'elements' },
          { heading: 'dimensions' },
          { heading: 'quantised' },
        ],
        [...rows('input', inputs), ...rows('output', outputs)],
      ),
      '',
      `operators:   ${counts.map(([name, count]) => `${name} ${count}`).join(', ')}`,
      '',
      renderTable(
        [{ heading: 'backend' }, { heading: 'runs it' }, { heading: 'why not' }],
        backends.map(({ id, runs, reason }) => [id, runs ? 'yes' : 'no', reason ?? '']),
      ),
    ].join('\n'),
  );
}

function describeTensor(tensor: TfliteTensor): object {
  const { name, type, quantisation } = tensor;
  return { name, elementType: type, dims: dimsOf(tensor), ...(quantisation ? { quantisation } : {}) };
}

/** A dimension that the file leaves open is a question mark; the runtime takes the length that stands there. */
function dimsOf({ dims, free = [] }: TfliteTensor): (number | string)[] {
  return dims.map((dim, axis) => (free.includes(axis) ? `${dim}?` : dim));
}

function quantisationOf({ quantisation }: TfliteTensor): string {
  if (quantisation === undefined) return '';
  const { scales, zeroPoints, axis } = quantisation;
  return scales.length === 1
    ? `real = ${scales[0]} (q - ${zeroPoints[0]})`
    : `${scales.length} scales along axis ${axis}`;
}

/** Operators with how often each occurs, most frequent first. */
function operators({ nodes }: TfliteModel): [string, number][] {
  const counts = new Map<string, number>();
  for (const { operator } of nodes) counts.set(operator, (counts.get(operator) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
}
