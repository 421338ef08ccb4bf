import type { Command } from 'commander';

/** The flags that say where metadata and features are. */
export interface MetaFlags {
  readonly meta?: string;
  readonly data?: string;
  readonly prefix?: string;
  readonly features?: string;
  readonly featuresFlip?: string;
}

/** Add the flags of metadata and features. */
export function addMetaFlags(command: Command): Command {
  return command
    .option('--meta <dir>', 'folder of the metadata: <prefix>_face_tid_mid.txt and so on (default: embedded set)')
    .option('--data <dir>', 'data set root, whose meta folder holds the metadata; or say --meta')
    .option('--prefix <name>', 'which data set, where the folder holds several: ijbc, ijbb, ...')
    .option('--features <file>', '.npy of shape (images, dimensions), in the order of the image list')
    .option('--features-flip <file>', 'the same of the mirrored images');
}
