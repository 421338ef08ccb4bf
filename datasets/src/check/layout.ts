import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { isFile, isFolder } from '@retinabench/files';
import type { DatasetProblem } from './dataset-check.js';
import { shellQuote } from './shell-quote.js';

/** How a root is laid out, as far as it is known. */
export interface DatasetLayout {
  readonly kind: 'detection' | 'verification' | 'unknown';
  /** Absolute; undefined if there are no images where they should be. */
  readonly imageFolder?: string;
  /** The file that names the images, absolute. */
  readonly annotation?: string;
  readonly problems: readonly DatasetProblem[];
}

const detectionFolders = ['WIDER_val/images', 'WIDER_train/images', 'WIDER_test/images', 'images'];
const detectionAnnotations = [
  'ground_truth/wider_face_val.json',
  'wider_face_val_bbx_gt.txt',
  'wider_face_split/wider_face_val_bbx_gt.txt',
  'wider_face_train_bbx_gt.txt',
  'wider_face_test_filelist.txt',
];
/** Where a reader finds how images of their own are laid out and annotated. */
const ownImagesGuide = 'docs/add-a-data-set.md';
const truthFiles = ['easy', 'medium', 'hard', 'face'].map((part) => `ground_truth/wider_${part}_val.mat`);

/**
 * Find out what a root is: WIDER FACE's layout, IJB-C's files, or a known mistake, with the command that fixes it.
 *
 * @param root an existing folder.
 */
export async function detectLayout(root: string): Promise<DatasetLayout> {
  const names = await readdir(root);
  const tidMid = names.find((name) => /_face_tid_mid\.txt$/.test(name));
  if (tidMid !== undefined) return verificationLayout(root, tidMid, names);
  const annotation = await firstWhere(isFile, root, detectionAnnotations);
  const imageFolder = await firstWhere(isFolder, root, detectionFolders);
  if (imageFolder === undefined) {
    return { kind: 'unknown', ...(annotation && { annotation }), problems: [await knownMistake(root, names)] };
  }
  const problems: DatasetProblem[] = [];
  if (imageFolder.endsWith(path.normalize('WIDER_val/images')) && !annotation?.endsWith('.json')) {
    const missing: string[] = [];
    for (const file of truthFiles) if (!(await isFile(path.join(root, file)))) missing.push(file);
    if (missing.length > 0)
      problems.push({
        what: `ground truth is missing: ${missing.join(', ')}`,
        fix: `${pull('wider-val')}; of other images: write ground_truth/wider_face_val.json (${ownImagesGuide})`,
      });
  }
  return { kind: 'detection', imageFolder, ...(annotation && { annotation }), problems };
}

async function verificationLayout(root: string, tidMid: string, names: readonly string[]): Promise<DatasetLayout> {
  const prefix = tidMid.slice(0, -'_face_tid_mid.txt'.length);
  const problems: DatasetProblem[] = [];
  const pairs = `${prefix}_template_pair_label.txt`;
  if (!names.includes(pairs)) {
    problems.push({ what: `${pairs} is missing`, fix: pull(prefix === 'lfw' ? 'lfw' : 'ijbc --from DIR') });
  }
  const imageFolder = await firstWhere(isFolder, root, ['images', 'loose_crop']);
  if (imageFolder === undefined) {
    problems.push({
      what: 'images are missing (expected images/ or loose_crop/)',
      fix: pull(prefix === 'lfw' ? 'lfw' : 'ijbc --from DIR'),
    });
  }
  return {
    kind: 'verification',
    ...(imageFolder && { imageFolder }),
    annotation: path.join(root, tidMid),
    problems,
  };
}

/** What is most likely wrong with a root that has no images where they should be. */
async function knownMistake(root: string, names: readonly string[]): Promise<DatasetProblem> {
  const shown = shellQuote(root);
  if (await isFolder(path.join(root, 'WIDER_val', 'WIDER_val', 'images'))) {
    return {
      what: 'WIDER_val lies in a second WIDER_val',
      fix: `mv ${shown}/WIDER_val/WIDER_val/images ${shown}/WIDER_val/images`,
    };
  }
  for (const inner of names) {
    if (await isFolder(path.join(root, inner, 'WIDER_val', 'images'))) {
      return {
        what: `the data set is one folder further down, in ${inner}`,
        fix: `retinabench datasets check ${shellQuote(path.join(root, inner))}`,
      };
    }
  }
  if (names.includes('WIDER_val.zip')) {
    return { what: 'WIDER_val.zip is not unpacked', fix: `${pull('wider-val')} --from ${shown}` };
  }
  if (names.some((name) => /^\d+--\w/.test(name))) {
    return {
      what: 'the event folders lie at the root',
      fix: `mkdir -p ${shown}/WIDER_val/images && mv ${shown}/*--* ${shown}/WIDER_val/images/`,
    };
  }
  const what = 'no data set (expected WIDER_val/images/<event>/<image>.jpg or *_face_tid_mid.txt)';
  const loose = names.filter((name) => /\.jpe?g$/i.test(name)).length;
  if (loose === 0) return { what, fix: pull('wider-val') };
  return {
    what: `${what}; JPEG files at the root, in no event folder: ${loose.toLocaleString('en')}`,
    fix: `${pull('wider-val')}; of images of your own: mkdir -p ${shown}/WIDER_val/images/0--Own, move them there and annotate them (${ownImagesGuide})`,
  };
}

function pull(what: string): string {
  return `retinabench datasets pull ${what} --accept-licence`;
}

async function firstWhere(
  holds: (file: string) => Promise<boolean>,
  root: string,
  candidates: readonly string[],
): Promise<string | undefined> {
  for (const candidate of candidates) {
    const file = path.join(root, candidate);
    if (await holds(file)) return file;
  }
  return undefined;
}
