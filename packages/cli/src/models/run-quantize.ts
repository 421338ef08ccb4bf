import { ModelError, sha256Hex } from '@retinabench/core';
import {
  assertCard,
  halveWeights,
  type ImportedModel,
  type OnnxModel,
  planInt8,
  quantizeInt8,
  readOnnx,
  writeOnnx,
} from '@retinabench/models';
import { cachedModelPath, cardPathOf, defaultModelFolders, resolveModel, saveModel } from '@retinabench/models/node';
import { outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { calibrate } from './calibrate.js';
import type { QuantizeFlags } from './quantize.js';
import { requireModelPlace } from './require-model-place.js';

/** The action of `retinabench models quantize`. */
export async function runQuantize(flags: QuantizeFlags): Promise<void> {
  const output = outputOf(flags);
  if (!flags.out.endsWith('.onnx')) throw new ModelError(`--out: expected a name that ends in .onnx, got ${flags.out}`);
  await requireModelPlace(flags.out);
  if (flags.to === 'int8' && flags.calibration === undefined) {
    throw new ModelError('--calibration: --to int8 needs a folder of images that stand for those the model will see');
  }
  const source = await resolveModel(flags.model);
  const model = readOnnx(source.bytes, source.onnxPath);
  const quantized = await quantize(model);
  const onnx = writeOnnx(quantized);
  const { published: _, ...kept } = source.card;
  const card = assertCard(
    {
      ...kept,
      id: `${source.card.id}-${flags.to}`,
      title: `${source.card.title}, ${flags.to}`,
      source: `${source.card.source} (quantised from SHA-256 ${source.card.sha256.slice(0, 12)})`,
      sha256: sha256Hex(onnx),
    },
    'the new card',
  );
  const result: ImportedModel = { onnx, card };
  await saveModel(flags.out, result);
  await saveModel(cachedModelPath(defaultModelFolders(), card.id), result);
  printJson(output, { onnx: flags.out, card, bytes: onnx.length, bytesBefore: source.bytes.length });
  printResult(
    output,
    [
      `model:  ${flags.out} (${onnx.length.toLocaleString('en')} bytes, before: ${source.bytes.length.toLocaleString('en')})`,
      `card:   ${cardPathOf(flags.out)}`,
      `sha256: ${card.sha256}`,
    ].join('\n'),
  );
  if (!output.quiet) printNote(`--model ${card.id} finds it from now on`);

  async function quantize(from: OnnxModel): Promise<OnnxModel> {
    if (flags.to === 'float16') return halveWeights(from);
    const { values } = planInt8(from);
    const ranges = await calibrate(output, from, source.card, values, flags.calibration as string, flags.images);
    return quantizeInt8(from, ranges);
  }
}
