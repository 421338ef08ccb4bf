import { packColumns, unpackColumns } from './pack-columns.js';
import type { ViewFaces, ViewRun } from './view-columns.js';

/** What the page says of a record. */
export interface ViewRecord {
  /** `R1`, `R2`, ... in the order given. */
  readonly key: string;
  readonly label: string;
  readonly file: string;
  /** AP and other headline numbers of the record, in words. */
  readonly numbers: readonly string[];
  /** Score that the record counts errors at, at which the page opens. */
  readonly atScore: number;
  readonly protocolId: string;
}

/** What the page knows of all images from the start; boxes of an image come when it is shown. */
export interface ViewIndex {
  readonly title: string;
  /** By their names in the annotations. */
  readonly images: readonly string[];
  /** Uint8Array [images]: 1 where the file of the image is there. */
  readonly present: Uint8Array;
  /** What faces can be, a bit each, such as `heavy blur`; at most 31. */
  readonly attributes: readonly string[];
  /** Splits by which faces count: a bit each in `counted`. */
  readonly splits: readonly string[];
  readonly faces: ViewFaces;
  readonly records: readonly ViewRecord[];
  /** Of each record. */
  readonly runs: readonly ViewRun[];
  /** What a reader should know. */
  readonly notes: readonly string[];
}

/** An index as bytes: texts as JSON, columns as they are. */
export function packIndex({ present, faces, runs, ...texts }: ViewIndex): Uint8Array {
  return packColumns(texts, [present, ...columnsOfFaces(faces), ...runs.flatMap(columnsOfRun)]);
}

/** @throws {ShapeError} if the bytes are no index. */
export function unpackIndex(bytes: ArrayBuffer): ViewIndex {
  const { header, columns } = unpackColumns<Omit<ViewIndex, 'present' | 'faces' | 'runs'>>(bytes);
  let at = 0;
  const next = <Column>(): Column => columns[at++] as Column;
  const present = next<Uint8Array>();
  const faces: ViewFaces = {
    start: next<Int32Array>(),
    heightsPx: next<Float64Array>(),
    attributes: next<Uint32Array>(),
  };
  const runs = header.records.map(
    (): ViewRun => ({
      evaluated: next<Uint8Array>(),
      counted: next<Uint8Array>(),
      start: next<Int32Array>(),
      scores: next<Float64Array>(),
      face: next<Int32Array>(),
      near: next<Int32Array>(),
      aside: next<Uint8Array>(),
      heightsPx: next<Float64Array>(),
    }),
  );
  return { ...header, present, faces, runs };
}

function columnsOfFaces({ start, heightsPx, attributes }: ViewFaces) {
  return [start, heightsPx, attributes];
}

function columnsOfRun({ evaluated, counted, start, scores, face, near, aside, heightsPx }: ViewRun) {
  return [evaluated, counted, start, scores, face, near, aside, heightsPx];
}
