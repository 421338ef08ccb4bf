import { headerDelimiter } from '../csv/open-table.js';
import type { Delimiter } from '../delimited/read-rows.js';
import { openSource } from '../source/open-source.js';
import { jsonKeys } from './json-keys.js';

/** What a file is, by its content. */
export type FileKind =
  | { readonly kind: 'coco' | 'coco-results' | 'faces-json' | 'json-lines' }
  | { readonly kind: 'csv'; readonly delimiter: Delimiter }
  | { readonly kind: 'voc' | 'voc-detections' | 'label-text' | 'data-yaml' }
  /** Image, count, faces; `first` is the first image that it names. */
  | { readonly kind: 'wider'; readonly first: string }
  /** Lines of numbers; the numbers of fields that they have. */
  | { readonly kind: 'numbers'; readonly fields: ReadonlySet<number>; readonly relative: boolean }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly begins: string };

/** Bytes by which a file is recognised. */
const headBytes = 64 * 1024;

/**
 * Recognise a file by its beginning; its name does not matter.
 *
 * @throws {EnvironmentError} if it cannot be read.
 * @throws {DatasetError} if it is a Git LFS pointer or an archive.
 */
export function recogniseFile(file: string): FileKind {
  const source = openSource(file);
  try {
    const head = new Uint8Array(Math.min(headBytes, source.sizeBytes + 16));
    let end = 0;
    for (let count = -1; count !== 0 && end < head.length; end += count) count = source.read(head, end);
    return recogniseHead(new TextDecoder().decode(head.subarray(0, end)), end === headBytes);
  } finally {
    source.close();
  }
}

/** As `recogniseFile`, from the text that a file begins with. @param cut whether more follows. */
export function recogniseHead(head: string, cut: boolean): FileKind {
  const text = head.trimStart();
  if (text === '') return { kind: 'empty' };
  const delimiter = headerDelimiter(text);
  if (delimiter !== undefined) return { kind: 'csv', delimiter };
  const json = recogniseJson(text);
  if (json !== undefined) return { kind: json };
  if (text.startsWith('<')) {
    return /<annotation[\s>]/.test(text) ? { kind: 'voc' } : { kind: 'unknown', begins: text };
  }
  const lines = text.split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (cut && lines.length > 1) lines.pop();
  return recogniseLines(lines.map((line) => line.trim())) ?? { kind: 'unknown', begins: text };
}

function recogniseJson(text: string): 'coco' | 'coco-results' | 'faces-json' | 'json-lines' | undefined {
  const keys = jsonKeys(text);
  if (keys === undefined) return undefined;
  const { kind, top, elements } = keys;
  if (kind === '[') {
    return elements.has('image_id') || /^\[\s*\]\s*$/.test(text) ? 'coco-results' : undefined;
  }
  const secondLine = /\n\s*\{/.test(text) && isWholeJson(text.slice(0, text.indexOf('\n')));
  const hasImage = ['image', 'file_name', 'file', 'path', 'filename'].some((key) => top.has(key));
  if (hasImage && (secondLine || isWholeJson(text) || top.has('detections'))) return 'json-lines';
  if (elements.has('faces') || (top.has('version') && top.has('images') && !elements.has('file_name')))
    return 'faces-json';
  if (['annotations', 'categories', 'licenses', 'info'].some((key) => top.has(key))) return 'coco';
  return top.has('images') && (elements.has('file_name') || elements.has('id')) ? 'coco' : undefined;
}

function isWholeJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function recogniseLines(lines: readonly string[]): FileKind | undefined {
  const [first, second] = lines;
  const fieldsOf = (line: string): readonly string[] => line.split(/[\s,]+/);
  const isNumbers = (line: string): boolean =>
    /^[\d.+-]/.test(line) && fieldsOf(line).every((field) => Number.isFinite(Number(field)) || notFinite.test(field));
  if (first.startsWith('#') && (second === undefined || second.startsWith('#') || isNumbers(second))) {
    return second === undefined || second.startsWith('#') || fieldsOf(second).length >= 4
      ? { kind: 'label-text' }
      : { kind: 'wider', first };
  }
  if (lines.every(isNumbers)) {
    const rows = lines.map(fieldsOf);
    const relative = rows.every(
      (row) => row.length >= 5 && row.slice(1, 5).every((value) => Math.abs(Number(value)) <= 10),
    );
    return { kind: 'numbers', fields: new Set(rows.map((row) => row.length)), relative };
  }
  if (second !== undefined && /^\d+$/.test(second) && !isNumbers(first)) return { kind: 'wider', first };
  if (lines.every(isVocDetection)) return { kind: 'voc-detections' };
  if (
    lines.some((line) => /^names\s*:/.test(line)) &&
    lines.some((line) => /^(path|train|val|test|nc)\s*:/.test(line))
  ) {
    return { kind: 'data-yaml' };
  }
  return undefined;
}

/** What a detector writes that divided by zero; the readers refuse it by its line. */
const notFinite = /^[+-]?(?:nan|inf|infinity)$/i;

/** `image score xmin ymin xmax ymax`: five numbers behind a name, which may have blanks. */
function isVocDetection(line: string): boolean {
  const fields = line.trim().split(/\s+/);
  return fields.length >= 6 && fields.slice(-5).every((field) => Number.isFinite(Number(field)));
}
