import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import {
  addDetectorFlags,
  addImageTimeoutFlag,
  addProtocolFlags,
  addWorkersFlag,
  type DetectorFlags,
  defaultImageTimeoutS,
  type ProtocolFlags,
} from '../detection/flags.js';
import type { QueueFlags } from '../queue/queue-flags.js';
import { wholeNumber } from '../terminal/flags.js';

/** The flags that say how images become features. */
export interface ExtractionFlags extends DetectorFlags, ProtocolFlags, Partial<QueueFlags> {
  readonly meta?: string;
  readonly data?: string;
  readonly prefix?: string;
  readonly images?: string;
  readonly embedder: string;
  readonly landmarker?: string;
  readonly landmarks: 'detect' | 'given';
  readonly resizeLong?: number;
  readonly mirror: boolean;
  readonly workers: number;
  readonly imageTimeout: number;
  readonly limit?: number;
  readonly fresh?: boolean;
}

/** The embedder of a command that names none. */
const defaultEmbedderId = 'face-api-recognition';

/** An extraction without any flag. */
export const defaultExtraction: ExtractionFlags = {
  backend: 'ort-node',
  threads: 1,
  embedder: defaultEmbedderId,
  landmarks: 'detect',
  mirror: true,
  workers: availableParallelism(),
  imageTimeout: defaultImageTimeoutS,
};

/** Add the flags of an extraction. */
export function addExtractionFlags(command: Command): Command {
  addImageTimeoutFlag(addWorkersFlag(addProtocolFlags(addDetectorFlags(command))));
  return command
    .option(
      '--meta <dir>',
      'folder of the metadata: <prefix>_face_tid_mid.txt names the images (default: embedded set)',
    )
    .option('--data <dir>', 'data set root, whose meta folder holds the metadata; or say --meta')
    .option('--prefix <name>', 'which data set, where the folder holds several: ijbc, ijbb, ...')
    .option('--images <dir>', 'folder of the images (default: loose_crop or images, in or beside the metadata)')
    .option('--embedder <id>', 'id of a model card, or path of an .onnx with its card beside it', defaultEmbedderId)
    .option(
      '--landmarker <id>',
      'a 68-point network that finds landmarks in detected boxes (default: the landmarks of the detector; where it has none and the embedder takes crops of any size, face-api-landmark68)',
    )
    .addOption(
      new Option('--landmarks <from>', 'detect faces, or take the points of <prefix>_name_5pts_score.txt')
        .choices(['detect', 'given'])
        .default('detect'),
    )
    .option('--resize-long <px>', 'resize images bilinearly to this longer side first', wholeNumber(16))
    .option('--no-mirror', 'leave out the features of the mirrored crops')
    .option('--limit <n>', 'the first n images', wholeNumber(1))
    .option('--fresh', 'discard what an earlier run left')
    .addOption(new Option('--resume', 'go on where an earlier run stopped (default)').conflicts('fresh'));
}
