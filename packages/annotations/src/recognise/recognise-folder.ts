import path from 'node:path';
import { isImageFile, withoutExtension } from '../set/image-name.js';
import { isFolder, type ListedFile, listFiles } from '../source/list-files.js';
import { type FileKind, recogniseFile } from './recognise-file.js';

/** What a folder may be, and what of it. */
export interface FolderCandidate {
  readonly kind:
    | Exclude<FileKind['kind'], 'empty' | 'unknown' | 'numbers' | 'data-yaml'>
    | 'yolo-labels'
    | 'yolo-predictions'
    | 'wider-files'
    | 'number-files';
  /** The file, or the folder for forms of many files. */
  readonly location: string;
  /** What the file is, for forms of one. */
  readonly file?: FileKind;
}

/** Files of each kind that are looked into. */
const mostSampled = 24;

/** Text files that are not labels or predictions. */
const otherText = /(?:^|\/)(?:classes|readme[^/]*|license[^/]*|requirements)\.txt$|(?:^|\/)ImageSets\//i;

/**
 * What the files below a folder are, by their content: forms of one file by themselves, forms of many files by a sample.
 *
 * @throws {EnvironmentError} if a folder or file cannot be read.
 * Cost: O(files), and the beginning of at most a hundred of them.
 */
export function recogniseFolder(folder: string): FolderCandidate[] {
  const files = listFiles(folder).filter(({ name }) => !isImageFile(name));
  const candidates: FolderCandidate[] = [];
  const ending = (pattern: RegExp): ListedFile[] => files.filter(({ name }) => pattern.test(name));
  const xml = sample(ending(/\.xml$/i)).map(({ file }) => recogniseFile(file).kind);
  if (xml.includes('voc')) candidates.push({ kind: 'voc', location: folder });
  const hasYaml = sample(ending(/^[^/]+\.ya?ml$/i)).some(({ file }) => recogniseFile(file).kind === 'data-yaml');
  const hasLabels =
    isFolder(path.join(folder, 'labels')) || files.some(({ name }) => /^(?:train|val|valid|test)\/labels\//.test(name));
  const texts = ending(/\.txt$/i).filter(({ name }) => !otherText.test(name));
  const ofTexts = recogniseTexts(folder, texts);
  const arePredictions = ofTexts.length === 1 && ofTexts[0].kind === 'yolo-predictions';
  if (hasYaml || (hasLabels && texts.length > 0 && !arePredictions)) {
    candidates.push({ kind: 'yolo-labels', location: folder });
  } else candidates.push(...ofTexts);
  for (const { file } of sample(ending(/\.(?:json|jsonl|ndjson|csv|tsv)$/i))) {
    const found = recogniseFile(file);
    if (isOfOneFile(found.kind)) candidates.push({ kind: found.kind, location: file, file: found });
  }
  return candidates;
}

function isOfOneFile(kind: FileKind['kind']): kind is 'coco' | 'coco-results' | 'faces-json' | 'json-lines' | 'csv' {
  return ['coco', 'coco-results', 'faces-json', 'json-lines', 'csv'].includes(kind);
}

/** What text files are: lists of all images, or a file for each. */
function recogniseTexts(folder: string, texts: readonly ListedFile[]): FolderCandidate[] {
  const sampled = sample(texts).map(({ file }) => ({ file, found: recogniseFile(file) }));
  const lists = sampled.filter(({ found }) => found.kind === 'label-text' || found.kind === 'voc-detections');
  const candidates: FolderCandidate[] = lists.map(({ file, found }) => ({
    kind: found.kind as 'label-text' | 'voc-detections',
    location: file,
  }));
  const wider = sampled.filter(({ found }) => found.kind === 'wider');
  const numbers = sampled.flatMap(({ found }) => (found.kind === 'numbers' ? [found] : []));
  const [only] = wider;
  if (only !== undefined && texts.length === 1 && !isOfOneImage(only.file, only.found)) {
    candidates.push({ kind: 'wider', location: only.file });
  } else if (wider.length > 0) candidates.push({ kind: 'wider-files', location: folder });
  else if (numbers.length > 0) candidates.push({ kind: kindOfNumbers(numbers), location: folder });
  return candidates;
}

/** Whether a file is named as the image that its first line names. */
function isOfOneImage(file: string, found: FileKind): boolean {
  const stem = (name: string): string => withoutExtension(path.posix.basename(name)).normalize('NFC').trim();
  return found.kind === 'wider' && stem(found.first) === stem(path.basename(file, '.txt'));
}

/** What files of numbers are, by the number of their fields and whether these are parts of an image. */
function kindOfNumbers(found: readonly Extract<FileKind, { kind: 'numbers' }>[]): FolderCandidate['kind'] {
  const fields = new Set(found.flatMap((file) => [...file.fields]));
  if (found.some(({ relative }) => !relative)) return fields.has(1) || fields.has(5) ? 'wider-files' : 'number-files';
  if (fields.size === 1 && fields.has(6)) return 'yolo-predictions';
  return fields.size === 1 && fields.has(5) ? 'yolo-labels' : 'number-files';
}

/** Files spread evenly over all. */
function sample(files: readonly ListedFile[]): ListedFile[] {
  if (files.length <= mostSampled) return [...files];
  return Array.from({ length: mostSampled }, (_, index) => files[Math.floor((index * files.length) / mostSampled)]);
}
