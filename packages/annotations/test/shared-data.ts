import { existsSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../../..');

/** The folder of golden numbers in the shared data folder. */
export const goldenFolder = path.resolve(root, process.env.RETINABENCH_SHARED ?? '../shared', 'golden');

/** Whether it is there. */
export const hasGolden = existsSync(path.join(goldenFolder, 'coco'));
