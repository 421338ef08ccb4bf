import { type Command, Option } from 'commander';
import { addConfigFlag } from '../config/config-flag.js';
import { addChoiceFlags } from '../detection/choose-images.js';
import { addDetectorFlags, addImageTimeoutFlag, addProtocolFlags, addWorkersFlag } from '../detection/flags.js';
import { addQueueFlags } from '../queue/queue-flags.js';

/** Add the flags of `DetectionJobFlags`, and `--strict`. */
export function addDetectionJobFlags(command: Command): Command {
  command.option(
    '--data <dir>',
    'data set root (default: RETINABENCH_DATA, else the pulled one, else the embedded mini)',
  );
  addQueueFlags(addProtocolFlags(addImageTimeoutFlag(addWorkersFlag(addDetectorFlags(command)))));
  addConfigFlag(addChoiceFlags(command))
    .addOption(
      new Option('--box-rounding <how>', 'truncate: corners to whole pixels, as the public script does')
        .choices(['none', 'truncate'])
        .default('none'),
    )
    .option(
      '--shard <i/n>',
      'the i-th of n equal parts only; auto: as the variables of the scheduler say (Slurm, Kubernetes, ...)',
    )
    .option('--resume', 'go on where an earlier run stopped (the default)')
    .option('--fresh', 'discard what an earlier run left')
    .option('--strict', 'exit 2 if any image cannot be detected');
  return command;
}
