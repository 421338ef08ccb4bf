import { apTolerance, unmatchedShare } from '@retinabench/backends/settings';
import { defaultModelId } from '@retinabench/models/settings';
import type { Command } from 'commander';
import { addBrowserTimeoutFlag, addDeviceFlag, addProtocolFlags } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench parity`. */
export function registerParity(program: Command): void {
  const list = (value: string): string[] => value.split(',').filter((item) => item !== '');
  const command = program
    .command('parity')
    .option('--model <id>', 'id of a model card, or path of an .onnx with its card beside it', defaultModelId)
    .option('--backend <ids>', 'backends to compare, comma-separated (default: every one that loads here)', list, [])
    .option('--reference <id>', 'the backend that the others are compared with', 'ort-node')
    .option('--threads <n>', 'intra-operator threads of each session', wholeNumber(1), 1)
    .option('--data <dir>', 'data set root (default: RETINABENCH_DATA, else the pulled one, else the embedded mini)')
    .option('--gt <dir>', 'folder of the ground truth (default: ground_truth in the data set root)')
    .option('--limit <n>', 'the first n images only', wholeNumber(1), 5)
    .option('--layers', 'name the first node whose output departs, on the last image')
    .option('--out <file>', 'the record (default: results/parity/<model>-<data set>-<hash of all conditions>.json)');
  addOutputFlags(addBrowserTimeoutFlag(addProtocolFlags(addDeviceFlag(command))))
    .addHelpText(
      'after',
      `
Each backend has a tolerance for outputs and scores (absolute plus relative) and one for box corners in pixels; besides, at
most ${unmatchedShare * 100} % of the detections may lack a partner, and AP may differ by ${apTolerance}. A backend that does not load here is
named with the reason, unless it was asked for: then that ends the command.
Exit codes: 0 all within tolerance; 1 one is not; 2 invalid input; 3 a backend failed on the way, or it or the data set is
missing.

Examples:
  retinabench parity --model retinaface-mnet025 --scale vga --limit 50
  retinabench parity --model retinaface-mnet025 --backend tfjs-wasm --layers`,
    )
    .action(lazyAction(async () => (await import('./run-parity.js')).runParity));
}
