import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

/** Register `retinabench models inspect`. */
export function registerModelsInspect(models: Command): void {
  const command = models.command('inspect').argument('<onnx>', 'an .onnx or .tflite file; it needs no card');
  addOutputFlags(command)
    .addHelpText('after', '\nExample:\n  retinabench models inspect detector.onnx')
    .action(lazyAction(async () => (await import('./run-inspect.js')).runInspect));
}
