import { DatasetError } from '@retinabench/core';
import { defaultAtScore } from '@retinabench/eval-wider';
import { recordLabels, type SourcedRecord, type ViewFaces, type ViewIndex, type ViewRecord } from '@retinabench/report';
import { formatCount, type ResultRecord } from '@retinabench/results';
import { readRecord } from '../record/read.js';
import type { BrowsedRun } from './browsed-run.js';
import { faceAttributes } from './face-attributes.js';
import type { SourceFlags } from './flags.js';
import { heldAgainstRecord } from './held-against-record.js';
import { predictionsOfRecords } from './predictions-of-records.js';
import { openViewSet } from './view-set.js';

/** What is browsed: the index of the page, and what the server answers about single images. */
export interface BrowsedView {
  readonly index: ViewIndex;
  readonly runs: readonly BrowsedRun[];
  /** Float64Array [faces, 4]: (x, y, w, h), pixels. */
  readonly facesXywh: Float64Array;
  /** The file of each image; undefined where it is not there. */
  readonly files: readonly (string | undefined)[];
}

/**
 * Read records, annotations and predictions, and match each run.
 *
 * @param given all flags of the command.
 * @throws {DatasetError} if the numbers of a record are not those of its predictions and `--force` is not given, none of the
 * images is there, or a reader refuses its file.
 * @throws {ProtocolError}, {EnvironmentError} as openViewSet and predictionsOfRecords.
 */
export async function collectView(
  files: readonly string[],
  flags: SourceFlags,
  given: Readonly<Record<string, unknown>>,
): Promise<BrowsedView> {
  const records = await Promise.all(
    files.map(async (file): Promise<SourcedRecord> => ({ file, record: await readRecord(file) })),
  );
  const places = await predictionsOfRecords(records, flags.pred);
  const set = await openViewSet(records, flags, given);
  const { annotations } = set;
  const attributes = faceAttributes(annotations);
  const { boxesXywh, start } = annotations;
  const faces: ViewFaces = {
    start,
    heightsPx: Float64Array.from({ length: boxesXywh.length / 4 }, (_, face) => boxesXywh[4 * face + 3]),
    attributes: attributes.bits,
  };
  const notes = [...set.notes];
  const runs: BrowsedRun[] = records.map((source, index) => {
    const { location, assumed } = places[index];
    if (assumed !== undefined) notes.push(`predictions of R${index + 1}: ${location}, ${assumed}`);
    const matched = set.match(source, location);
    notes.push(...heldAgainstRecord(source, faces, matched, location, flags.force ?? false));
    return matched;
  });
  if (attributes.leftOut.length > 0) {
    notes.push(`attributes with too many values to filter by: ${attributes.leftOut.join(', ')}`);
  }
  const shown = annotations.images.map((_, image) => runs.some(({ run }) => run.evaluated[image] === 1));
  const absent = shown.filter((isShown, image) => isShown && set.files[image] === undefined).length;
  const all = shown.filter((isShown) => isShown).length;
  if (absent === all) {
    throw new DatasetError(
      `${files[0]}: expected files of its ${formatCount(all)} images, got none; name their folder with --data DIR`,
    );
  }
  if (absent > 0)
    notes.push(`${formatCount(absent)} of ${formatCount(all)} images have no file: listed without picture`);
  return {
    runs,
    facesXywh: boxesXywh,
    files: set.files,
    index: {
      title: 'RetinaBench view',
      images: annotations.images,
      present: Uint8Array.from(set.files, (file) => (file === undefined ? 0 : 1)),
      attributes: attributes.names,
      splits: set.splits,
      faces,
      records: describeRecords(records),
      runs: runs.map(({ run }) => run),
      notes,
    },
  };
}

function describeRecords(records: readonly SourcedRecord[]): ViewRecord[] {
  const labels = recordLabels(records);
  return records.map(({ file, record }, index) => ({
    key: `R${index + 1}`,
    label: labels[index],
    file,
    numbers: numbersOf(record),
    atScore: record.metrics?.atScore ?? record.detection?.points?.atScore?.score ?? defaultAtScore,
    protocolId: record.protocol.id,
  }));
}

function numbersOf({ ap = {}, detection }: ResultRecord): string[] {
  const percent = (name: string, value: number): string => `${name} ${(100 * value).toFixed(2)}`;
  const ofDetection = ['ap', 'ap50', 'f1'].flatMap((name) => {
    const value = detection?.values[name];
    return value === undefined ? [] : [percent(name, value)];
  });
  return [...Object.entries(ap).map(([split, value]) => percent(`AP ${split}`, value)), ...ofDetection];
}
