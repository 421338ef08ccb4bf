import path from 'node:path';
import type { ImageTask } from '@retinabench/backends/runs';
import { DatasetError, ProtocolError, printable } from '@retinabench/core';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { type OutputKind, requireWritable, writeOutput } from '../terminal/output-file.js';
import { readTextFile } from '../terminal/read-text-file.js';
import type { DetectedCell } from './detected-cell.js';
import { formatFaces } from './face-table.js';
import { type DetectionFormat, formatCoco, formatCsv, formatJsonLines } from './formats.js';

/** The flags that say how faces are written. */
export interface FaceOutputFlags {
  readonly json?: boolean;
  readonly coco?: boolean;
  readonly csv?: boolean;
  readonly cocoIds?: string;
  readonly out?: string;
}

/** Where and how the faces go. */
export interface FaceOutput {
  /** Absent: a table on the terminal alone. */
  readonly format?: DetectionFormat;
  write(output: Output, cells: readonly DetectedCell[], minScore: number, images: readonly ImageTask[]): Promise<void>;
}

const formatOfExtension: Readonly<Record<string, DetectionFormat>> = {
  '.jsonl': 'json',
  '.ndjson': 'json',
  '.json': 'coco',
  '.csv': 'csv',
};

const beginnings: Readonly<Record<DetectionFormat, RegExp>> = {
  json: /^\{"image":/,
  coco: /^\[\s*(\]|\{"image_id":)/,
  csv: /^(model,backend,scale,)?image,x,y,w,h,score/,
};

/**
 * Read the flags, and make sure that `--out` can be written before anything is detected.
 *
 * @param cells how many detectors there are; COCO results know one.
 * @throws {ProtocolError} if flags contradict each other.
 * @throws {DatasetError}, {EnvironmentError} if `--out` cannot be written, or `--coco-ids` is not a list of images.
 */
export async function openFaceOutput(flags: FaceOutputFlags, cells: number): Promise<FaceOutput> {
  const { out } = flags;
  const asked = (['json', 'coco', 'csv'] as const).filter((format) => flags[format] === true);
  if (asked.length > 1) {
    throw new ProtocolError(`expected one form of the faces, got --${asked.join(' and --')}; keep one`);
  }
  const byName = out === undefined ? undefined : formatOfExtension[path.extname(out).toLowerCase()];
  const format = asked[0] ?? byName;
  if (out !== undefined && format === undefined) {
    throw new ProtocolError(
      `${out}: expected a name that ends with .jsonl, .json (COCO results) or .csv, or one of --json, --coco and --csv; name the form`,
    );
  }
  if (format === 'coco' && cells > 1) {
    throw new ProtocolError(
      `COCO results know one detector, got ${cells}; run them separately, or choose CSV or JSON lines`,
    );
  }
  if (flags.cocoIds !== undefined && format !== 'coco') {
    throw new ProtocolError('--coco-ids belongs to COCO results; add --coco, or leave it out');
  }
  const ids = flags.cocoIds === undefined ? undefined : await readImageIds(flags.cocoIds);
  const kind: OutputKind | undefined =
    format === undefined ? undefined : { what: 'the faces', flag: '--out FILE', begins: beginnings[format] };
  if (out !== undefined && kind !== undefined) await requireWritable(out, kind);
  return {
    ...(format === undefined ? {} : { format }),
    write: async (output, done, minScore, images) => {
      const onTerminal = format === undefined || out !== undefined;
      if (format !== undefined) {
        const text = textOf(format, done, minScore, ids ?? idsInOrder(images));
        if (out !== undefined && kind !== undefined) await writeOutput(out, text, kind);
        else writeLines(text);
      }
      if (!onTerminal) return;
      printResult({ ...output, json: out === undefined && output.json }, formatFaces(done, minScore));
      if (out !== undefined) printNote(`faces: ${out}`);
    },
  };
}

function textOf(
  format: DetectionFormat,
  cells: readonly DetectedCell[],
  minScore: number,
  ids: ReadonlyMap<string, number>,
): Iterable<string> {
  if (format === 'csv') return formatCsv(cells, minScore);
  if (format === 'json') return formatJsonLines(cells, minScore);
  if (cells.length === 0) return ['[\n]\n'];
  // Before anything is written.
  for (const { image } of cells[0].detected) idOf(image, ids);
  return formatCoco(cells[0], minScore, (image) => idOf(image, ids));
}

function idOf(image: string, ids: ReadonlyMap<string, number>): number {
  const id = ids.get(image);
  if (id !== undefined) return id;
  throw new DatasetError(
    `--coco-ids: expected an image of the name ${image}, got none; name the annotations of these images`,
  );
}

/** Characters that go to standard output at once. */
const charactersAtOnce = 1 << 16;

function writeLines(parts: Iterable<string>): void {
  let held = '';
  // What JSON and CSV leave as it is of control characters comes escaped.
  const write = (): void => {
    process.stdout.write(printable(held));
    held = '';
  };
  for (const part of parts) {
    held += part;
    if (held.length >= charactersAtOnce) write();
  }
  write();
}

function idsInOrder(images: readonly ImageTask[]): Map<string, number> {
  return new Map(images.map(({ image }, index) => [image, index + 1]));
}

/** The ids of COCO annotations by `file_name`. */
async function readImageIds(file: string): Promise<Map<string, number>> {
  const text = await readTextFile(file, 'COCO annotations');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new DatasetError(
      `${file}: expected COCO annotations, got no JSON (${(cause as Error).message}); check the path`,
      { cause },
    );
  }
  const images = typeof value === 'object' && value !== null && 'images' in value ? value.images : undefined;
  const ids = new Map<string, number>();
  for (const image of Array.isArray(images) ? (images as unknown[]) : []) {
    if (typeof image !== 'object' || image === null || !('id' in image) || !('file_name' in image)) continue;
    if (typeof image.id === 'number' && typeof image.file_name === 'string') ids.set(image.file_name, image.id);
  }
  if (ids.size === 0) {
    throw new DatasetError(
      `${file}: expected COCO annotations with images of id and file_name, got none; name an annotation file`,
    );
  }
  return ids;
}
