import { csvColumns } from '../csv/columns.js';
import { firstFields } from '../csv/open-table.js';
import type { Delimiter } from '../delimited/read-rows.js';
import { flagsWith } from '../reading/reading.js';
import { isFolder } from '../source/list-files.js';
import { openSource } from '../source/open-source.js';
import type { Found } from './choose-candidate.js';
import { recogniseFile } from './recognise-file.js';
import { recogniseFolder } from './recognise-folder.js';

/** Whether something is annotations or predictions. */
export type Side = 'annotations' | 'predictions';

const sides: Readonly<Partial<Record<Found['kind'], Side>>> = {
  coco: 'annotations',
  voc: 'annotations',
  'yolo-labels': 'annotations',
  'data-yaml': 'annotations',
  'label-text': 'annotations',
  'faces-json': 'annotations',
  'coco-results': 'predictions',
  'json-lines': 'predictions',
  'yolo-predictions': 'predictions',
  'wider-files': 'predictions',
  'voc-detections': 'predictions',
};

/**
 * Whether a file or folder holds annotations or predictions: by its form, in CSV by a column of scores, in WIDER FACE's text by
 * the number of fields.
 *
 * @returns undefined if it holds neither in a known form, or both.
 * @throws {EnvironmentError} if it is not there or cannot be read.
 */
export function recogniseSide(location: string): Side | undefined {
  const found = isFolder(location)
    ? recogniseFolder(location).map((candidate) => ({ ...candidate, file: candidate.location }))
    : [{ kind: recogniseFile(location).kind, file: location }];
  const all = new Set(found.map(({ kind, file }) => sideOf(kind, file)));
  const [only] = all;
  return all.size === 1 ? only : undefined;
}

function sideOf(kind: Found['kind'], file: string): Side | undefined {
  if (kind === 'csv') {
    const { head, delimiter } = headOf(file);
    if (delimiter === undefined) return undefined;
    const context = { flag: flagsWith('--'), note: () => undefined, told: () => undefined };
    return csvColumns(firstFields(head, delimiter), file, context).score < 0 ? 'annotations' : 'predictions';
  }
  if (kind !== 'wider') return sides[kind];
  const counts = headOf(file)
    .head.split(/\r\n|\n|\r/)
    .slice(0, -1)
    .map((line) => (/^\s*[-\d.]/.test(line) ? line.trim().split(/\s+/).length : 0))
    .filter((count) => count >= 4);
  if (counts.every((count) => count === 4 || count === 10)) return counts.length === 0 ? undefined : 'annotations';
  return 'predictions';
}

function headOf(file: string): { readonly head: string; readonly delimiter?: Delimiter } {
  const kind = recogniseFile(file);
  const source = openSource(file);
  try {
    const bytes = new Uint8Array(64 * 1024);
    const end = source.read(bytes, 0);
    const head = new TextDecoder().decode(bytes.subarray(0, end));
    return kind.kind === 'csv' ? { head, delimiter: kind.delimiter } : { head };
  } finally {
    source.close();
  }
}
