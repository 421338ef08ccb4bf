import { type Command, InvalidArgumentError, Option } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, type OutputFlags, wholeNumber } from '../terminal/flags.js';

export interface QuantizeFlags extends OutputFlags {
  readonly model: string;
  readonly to: 'float16' | 'int8';
  readonly calibration?: string;
  readonly images: number;
  readonly out: string;
}

/** Register `retinabench models quantize`. */
export function registerModelsQuantize(models: Command): void {
  const command = models
    .command('quantize')
    .requiredOption('--model <id>', 'id of a model card, or path of an .onnx with its card beside it')
    .addOption(
      new Option('--to <type>', 'float16 (or fp16): half-precision weights; int8: 8-bit weights and activations')
        .argParser(quantisedType)
        .makeOptionMandatory(),
    )
    .option('--calibration <dir>', 'images whose activations set the 8-bit ranges (int8 only)')
    .option('--images <n>', 'calibration images, evenly spaced over the folder', wholeNumber(1), 32)
    .requiredOption('--out <file>', 'the .onnx to write; its card goes beside it as <name>.card.json');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Example:
  retinabench models quantize --model retinaface-mnet025 --to int8 \\
    --calibration ../shared/datasets/wider/WIDER_val/images --out models/retinaface-mnet025-int8.onnx`,
    )
    .action(lazyAction(async () => (await import('./run-quantize.js')).runQuantize));
}

function quantisedType(value: string): QuantizeFlags['to'] {
  const type = value === 'fp16' ? 'float16' : value;
  if (type === 'float16' || type === 'int8') return type;
  throw new InvalidArgumentError('Allowed choices are float16 (or fp16), int8.');
}
