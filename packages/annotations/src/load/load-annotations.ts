import { statSync } from 'node:fs';
import { DatasetError, EnvironmentError } from '@retinabench/core';
import { readCocoAnnotations } from '../coco/read-annotations.js';
import { readCsvAnnotations } from '../csv/read-annotations.js';
import type { Delimiter } from '../csv/read-rows.js';
import type { Annotations } from '../set/annotations.js';
import type { Category } from './choose-category.js';
import { noSizes } from './image-sizes.js';
import { type AnnotationFormat, type FlagOf, flagsWith, type ReadingContext, type ReadingSettings } from './reading.js';
import { recogniseFile } from './recognise-file.js';

/** How annotations are loaded. */
export interface LoadAnnotationsOptions extends ReadingSettings {
  /** Their form; absent: recognised. */
  readonly format?: AnnotationFormat | undefined;
  /** Names of flags, for messages; default: each begins with `--gt-`. */
  readonly flag?: FlagOf;
  readonly onRead?: (doneBytes: number, totalBytes: number) => void;
}

/** What was recognised in annotations or predictions, and how they were read. */
export interface Recognised<Format extends string> {
  readonly format: Format;
  /** File or folder that was read. */
  readonly location: string;
  /** Settings that the file says itself or that were told, by name: `boxes` is `xyxy`. */
  readonly settings: Readonly<Record<string, string>>;
  /** What a user should know: what was assumed, what of the file is not used. */
  readonly notes: readonly string[];
}

/** Annotations with how they were read. */
export interface LoadedAnnotations extends Recognised<AnnotationFormat> {
  readonly annotations: Annotations;
  /** The class of the faces, where the form has classes. */
  readonly category?: Category;
}

/**
 * Load annotations of any form: a file, or a folder of files.
 *
 * @throws {EnvironmentError} if there is nothing of that name, or it cannot be read.
 * @throws {DatasetError} if its form is not clear, a file is malformed, or something is missing that only the user knows; the
 * message names the flag.
 */
export function loadAnnotations(location: string, options: LoadAnnotationsOptions = {}): LoadedAnnotations {
  const { format: asked, flag = flagsWith('--gt-'), ...settings } = options;
  const told: Record<string, string> = {};
  const notes: string[] = [];
  const context: ReadingContext = {
    ...settings,
    flag,
    told: (name, value) => {
      told[name] = value;
    },
    note: (text) => {
      notes.push(text);
    },
  };
  const { format, delimiter } = recognise(location, asked, flag);
  const read = readFormat(format, location, delimiter, context);
  return { ...read, format, location, settings: told, notes };
}

function recognise(
  location: string,
  asked: AnnotationFormat | undefined,
  flag: FlagOf,
): { readonly format: AnnotationFormat; readonly delimiter?: Delimiter } {
  const stats = statSync(location, { throwIfNoEntry: false });
  if (stats === undefined) {
    throw new EnvironmentError(`${location}: expected annotations, got nothing of that name; is the path right?`);
  }
  const found = recogniseFile(location);
  if (asked !== undefined) return { format: asked, ...(found.kind === 'csv' ? { delimiter: found.delimiter } : {}) };
  switch (found.kind) {
    case 'coco':
      return { format: 'coco' };
    case 'csv':
      return { format: 'csv', delimiter: found.delimiter };
    default:
      throw new DatasetError(
        `${location}: expected annotations in a known form, got ${found.kind === 'unknown' ? `a file that begins with ${JSON.stringify(found.begins.slice(0, 60))}` : found.kind}; say what it is with ${flag('format')} FORMAT`,
      );
  }
}

function readFormat(
  format: AnnotationFormat,
  location: string,
  delimiter: Delimiter | undefined,
  context: ReadingContext,
): { readonly annotations: Annotations; readonly category?: Category } {
  switch (format) {
    case 'coco':
      return readCocoAnnotations(location, context);
    case 'csv':
      return readCsvAnnotations(location, delimiter ?? ',', noSizes, context);
    default:
      throw new DatasetError(`${location}: ${format} is not read yet`);
  }
}
