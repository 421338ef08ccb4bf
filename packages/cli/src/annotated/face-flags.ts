import type { FaceSettings, Treatment } from '@retinabench/eval-detection';
import { defaultFaceSettings, treatments } from '@retinabench/eval-detection/settings';
import { type Command, Option } from 'commander';
import { numberBetween } from '../terminal/flags.js';

/** Which annotated faces count. */
export interface FaceFlags {
  readonly crowd: Treatment;
  readonly ignored: Treatment;
  readonly difficult: Treatment;
  readonly minSize: number;
  readonly facesWithoutArea: FaceSettings['facesWithoutArea'];
}

/** Add the flags of `FaceFlags`; each is a setting of the protocol. */
export function addFaceFlags(command: Command): Command {
  const add = (flag: string, of: string, byDefault: Treatment): void => {
    command.addOption(
      new Option(`--${flag} <how>`, `what becomes of faces that are ${of}`).choices(treatments).default(byDefault),
    );
  };
  add('crowd', 'a crowd by their annotation (iscrowd)', defaultFaceSettings.crowd);
  add('ignored', 'ignored by their annotation (ignore)', defaultFaceSettings.ignored);
  add('difficult', 'difficult by their annotation', defaultFaceSettings.difficult);
  return command
    .option(
      '--min-size <px>',
      'ignore faces whose shorter side is less, and detections as small that find none',
      numberBetween(0, 1e6),
      defaultFaceSettings.minSizePx,
    )
    .addOption(
      new Option('--faces-without-area <how>', 'whether annotated faces of width or height 0 count')
        .choices(['counted', 'ignored'])
        .default(defaultFaceSettings.facesWithoutArea),
    );
}

/** The settings that the flags give. */
export function faceSettings(flags: FaceFlags): FaceSettings {
  const { crowd, ignored, difficult, minSize, facesWithoutArea } = flags;
  return { crowd, ignored, difficult, minSizePx: minSize, facesWithoutArea };
}
