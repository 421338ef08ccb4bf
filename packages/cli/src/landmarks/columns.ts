import { DatasetError, ProtocolError } from '@retinabench/core';
import type { LandmarkSet } from '@retinabench/eval-landmarks';
import { readNpyArray, readNpyVector } from '@retinabench/files';

/** Files beside an array of annotated points, row i for face i. */
export interface ColumnFlags {
  /** `yaw=FILE.npy`. */
  readonly gtColumn: readonly string[];
  readonly gtBoxesFile?: string;
  readonly gtBoxes?: string | undefined;
  readonly gtHidden?: string;
}

/**
 * Add boxes, columns and hidden points of files of their own to annotated faces.
 *
 * @throws {DatasetError} if a file has other rows than the annotation has faces.
 */
export async function withColumns(set: LandmarkSet, flags: ColumnFlags): Promise<LandmarkSet> {
  const attributes = new Map(set.attributes);
  for (const text of flags.gtColumn) {
    const [, name, file] = /^([^=]+)=(.+)$/.exec(text) ?? [];
    if (name === undefined) throw new ProtocolError(`--gt-column: expected NAME=FILE.npy, got ${JSON.stringify(text)}`);
    const values = await readNpyVector(file);
    requireRows(values.length, set, file);
    attributes.set(name, { kind: 'number', values });
  }
  return {
    ...set,
    attributes,
    ...(flags.gtBoxesFile === undefined ? {} : { boxesXywh: await readBoxes(flags.gtBoxesFile, flags.gtBoxes, set) }),
    ...(flags.gtHidden === undefined ? {} : { visibility: await readHidden(flags.gtHidden, set) }),
  };
}

async function readBoxes(file: string, form: string | undefined, set: LandmarkSet): Promise<Float64Array> {
  const { values, shape } = await readNpyArray(file);
  if (shape.length !== 2 || shape[1] !== 4) {
    throw new DatasetError(`${file}: expected boxes of shape (faces, 4), got (${shape.join(', ')})`);
  }
  requireRows(shape[0], set, file);
  if (form !== 'xywh' && form !== 'xyxy') {
    throw new ProtocolError(`${file}: say what the four numbers of a box are: --gt-boxes xywh or xyxy`);
  }
  if (form === 'xywh') return values;
  return values.map((value, at) => (at % 4 < 2 ? value : value - values[at - 2]));
}

async function readHidden(file: string, set: LandmarkSet): Promise<Uint8Array> {
  const { values, shape } = await readNpyArray(file);
  if (shape.length !== 2 || shape[1] !== set.scheme.count) {
    throw new DatasetError(
      `${file}: expected 1 for each hidden point, of shape (faces, ${set.scheme.count}), got (${shape.join(', ')})`,
    );
  }
  requireRows(shape[0], set, file);
  const other = values.find((value) => value !== 0 && value !== 1);
  if (other !== undefined) throw new DatasetError(`${file}: expected 0 and 1, got ${other}`);
  return Uint8Array.from(values, (hidden, at) =>
    Number.isNaN(set.points[at * 2]) || Number.isNaN(set.points[at * 2 + 1]) ? 0 : 2 - hidden,
  );
}

function requireRows(rows: number, { faces, place }: LandmarkSet, file: string): void {
  if (rows === faces) return;
  throw new DatasetError(`${file}: expected a row for each of the ${faces} faces of ${place}, got ${rows}`);
}
