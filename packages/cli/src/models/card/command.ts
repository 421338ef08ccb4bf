import type { Command } from 'commander';
import { lazyAction } from '../../lazy-action.js';
import { addOutputFlags } from '../../terminal/flags.js';

const help = `
Tries every reading of the outputs that their shapes allow, under the colour orders, means and scales in public use, on annotated
photographs that come with the program, and keeps the one under which faces are found. What the photographs do not decide is
said. Look at the picture before you trust the card.

Example:
  retinabench models card detector.onnx`;

/** Register `retinabench models card`. */
export function registerModelsCard(models: Command): void {
  const command = models
    .command('card')
    .argument('<onnx>', 'an .onnx or .tflite file of a face detector')
    .option('--out <file>', 'the card to write (default: beside the .onnx, as <name>.card.json)')
    .option('--picture <file>', 'the annotated picture to write (default: beside the card, as <name>.card.jpg)')
    .option('--id <id>', 'id of the card (default: the name of the file)')
    .option(
      '--side <name=values>',
      'what a further input is fed, numbers separated by commas; once for each',
      (value: string, all: readonly string[] = []) => [...all, value],
    )
    .option('--force', 'replace a card that is there');
  addOutputFlags(command)
    .addHelpText('after', help)
    .action(lazyAction(async () => (await import('./run-card.js')).runCard));
}
