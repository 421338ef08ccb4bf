import { defaultModelId } from '@retinabench/models/settings';
import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, numberBetween } from '../terminal/flags.js';

/** Register `retinabench init`. */
export function registerInit(program: Command): void {
  const command = program
    .command('init')
    .option(
      '--data <dir>',
      'data set: WIDER FACE layout, or images with annotations of any known form (default: none; the embedded one is used)',
    )
    .option('--model <id>', 'id of a model, or path of an .onnx with its card beside it', defaultModelId)
    .option('--scale <rules>', "input sizes, joined by commas (default: the image's own)")
    .option('--max-drop <points>', 'AP points that a change may lose', numberBetween(0, 100), 0.2)
    .option('--github', 'a workflow for GitHub Actions (the default)')
    .option('--gitlab', 'a job for GitLab instead')
    .option('--shell', 'a shell script instead, for any other machine')
    .option('--no-workflow', 'none of them')
    .option('--yes', 'ask nothing: take the flags and the defaults');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Writes retinabench.json, gates.json and a first gate (.github/workflows/retinabench.yml, retinabench.gitlab-ci.yml or retinabench-gate.sh)
into the working folder after five questions. The first run of that gate passes: its record becomes the baseline, to be committed. No file
that is there is ever overwritten. The data set is read as the commands will read it: one in the layout of WIDER FACE gets wider all, one with other
annotations eval; images alone are refused. What the machine of the workflow needs (model, data) is printed and stands on top of it.

Examples:
  retinabench init
  retinabench init --yes --data faces --model my-detector.onnx --scale long:640 --max-drop 0.5`,
    )
    .action(lazyAction(async () => (await import('./run-init.js')).runInit));
}
