import {
  type CardDecoder,
  composedForm,
  denseValues,
  parseAxes,
  type Unit,
  type ValueSource,
} from '@retinabench/models';
import { landmarkValues } from './composed/landmark-decoder.js';

/**
 * What the numbers of an output are, and so how far two backends may lie apart in them: a `score` is a probability, a
 * `logit` its argument; a coordinate is an `offset` in strides or sides of an anchor or box, a `fraction` of the input's
 * sides, or a `pixel` of the input; an `index` is a whole number; `parameter`: anything else.
 */
export type OutputRole = 'score' | 'logit' | 'offset' | 'fraction' | 'pixel' | 'index' | 'parameter';

/** An output that a card's decoder reads. */
export interface ExpectedOutput {
  readonly name: string;
  readonly role: OutputRole;
  /** Length of its last axis, where the card says it. */
  readonly columns?: number;
}

const rolesOfUnits: Readonly<Record<Unit, OutputRole>> = {
  pixels: 'pixel',
  input: 'fraction',
  stride: 'offset',
  anchor: 'offset',
  box: 'offset',
};

/** The outputs that a decoder reads with what it takes them for; an output of several parts comes once for each. */
export function expectedOutputs(decoder: CardDecoder): ExpectedOutput[] {
  const { scores, boxes, landmarks, suppressed } = composedForm(decoder);
  const outputs = scores.factors.flatMap((factor) => {
    const isScore = factor.activation === undefined || factor.activation === 'none';
    return partsOf(factor, factor.classes ?? 1, isScore ? 'score' : 'logit');
  });
  const perSource = (4 / boxes.from.length) * (boxes.bins ?? 1);
  const units = [boxes.position, boxes.size].flatMap((rule) => (rule === undefined ? [] : [rolesOfUnits[rule.unit]]));
  const boxRole = boxes.bins === undefined ? (units.find((role) => role === 'pixel') ?? units[0]) : 'logit';
  for (const source of boxes.from) outputs.push(...partsOf(source, perSource, boxRole ?? 'pixel'));
  if (landmarks !== undefined) {
    outputs.push(...partsOf(landmarks.from, landmarkValues(landmarks), rolesOfUnits[landmarks.position.unit]));
  }
  for (const name of [suppressed?.count, suppressed?.indices]) {
    if (name !== undefined) outputs.push({ name, role: 'index' });
  }
  if (decoder.kind === 'retinaface' && decoder.outputs.dense !== undefined) {
    outputs.push({ name: decoder.outputs.dense, role: 'parameter', columns: denseValues });
  }
  return outputs;
}

function partsOf({ tensor, axes = 'n v', at }: ValueSource, values: number, role: OutputRole): ExpectedOutput[] {
  const last = parseAxes(axes, 'decoder: axes').at(-1);
  const isWhole = at === undefined && last?.length === 1 && last[0] === 'v';
  return [tensor].flat().map((name) => ({ name, role, ...(isWhole ? { columns: values } : {}) }));
}
