import { architectureIds } from '@retinabench/models/settings';
import { type Command, InvalidArgumentError } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench models import`. */
export function registerModelsImport(models: Command): void {
  const command = models
    .command('import')
    .requiredOption('--checkpoint <file>', 'what torch.save wrote, ZIP or legacy format; nothing in it is run')
    .requiredOption('--architecture <id>', `the network that it was trained with: ${architectureIds.join(', ')}`)
    .requiredOption('--out <file>', 'the .onnx to write; its card goes beside it as <name>.card.json')
    .option('--id <id>', 'id of the new card, under which --model finds it (default: that of the architecture)')
    .option(
      '--dense-head <which>',
      "add the paper's dense head (P_ST, P_cam, P_ill of each anchor): `trained`, that of this package for these weights (retinaface-mnet025), a .safetensors that examples/train-dense wrote, or random weights from this seed",
      headOrSeed,
    )
    .option(
      '--force-dense-head',
      'attach the head of a file though it was trained on another network of the same shape',
    );
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Examples:
  retinabench models import --checkpoint ../shared/models/retinaface-mnet025.pth \\
    --architecture retinaface-mnet025 --out models/retinaface-mnet025.onnx
  retinabench models import --checkpoint ../shared/models/retinaface-mnet025.pth \\
    --architecture retinaface-mnet025 --dense-head trained --out models/retinaface-mnet025-dense.onnx`,
    )
    .action(lazyAction(async () => (await import('./run-import.js')).runImport));
}

/** Parse the value of --dense-head. */
function headOrSeed(value: string): string | number {
  if (value === 'trained' || value.endsWith('.safetensors')) return value;
  const seed = Number(value);
  if (value.trim() === '' || !Number.isInteger(seed) || seed < 0) {
    throw new InvalidArgumentError('expected `trained`, a .safetensors, or a whole number of at least 0 as a seed.');
  }
  return seed;
}
