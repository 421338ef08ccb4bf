import { type Split, splits } from '@retinabench/results';
import { readMat } from '../mat/read-mat.js';
import { checkedBox, checkedLabel, emptyGroundTruth, whereIs } from './build.js';
import { type FaceLabel, faceLabels, labelNames, type WiderGroundTruth } from './ground-truth.js';
import { VariableReader } from './variable-reader.js';

/** The four files of the official validation ground truth. */
export const matFiles: Readonly<Record<'faces' | Split, string>> = {
  faces: 'wider_face_val.mat',
  easy: 'wider_easy_val.mat',
  medium: 'wider_medium_val.mat',
  hard: 'wider_hard_val.mat',
};

/**
 * Ground truth from the contents of the four official files.
 *
 * @param files bytes of each file.
 * @param place folder they come from, for messages.
 * @throws {DatasetError} if a file is no level-5 MAT file, a variable is missing or of another shape, or the files
 * disagree on events, images or faces.
 */
export function groundTruthFromMat(
  files: Readonly<Record<'faces' | Split, Uint8Array>>,
  place: string,
): WiderGroundTruth {
  const facesPlace = `${place}/${matFiles.faces}`;
  const variables = readMat(files.faces, facesPlace, undefined, true);
  const variable = (name: string): VariableReader => new VariableReader(variables.get(name), `${facesPlace}: ${name}`);
  const events = variable('event_list');
  const names = variable('file_list');
  const boxes = variable('face_bbx_list');
  const labels = faceLabels.map((label) => variable(`${label}_label_list`));
  const counted = splits.map((split) => {
    const splitPlace = `${place}/${matFiles[split]}`;
    const gtList = readMat(files[split], splitPlace, new Set(['gt_list']), true).get('gt_list');
    return new VariableReader(gtList, `${splitPlace}: gt_list`);
  });
  const all: EventFaces[] = [];
  for (let event = 0; event < events.count(); event++) {
    const eventNames = names.cell(event);
    const images = eventNames.count();
    all.push(
      readEvent(events.text(event), {
        names: eventNames,
        boxes: boxes.cell(event, images),
        labels: labels.map((label) => label.cell(event, images)),
        counted: counted.map((list) => list.cell(event, images)),
        place: facesPlace,
      }),
    );
  }
  return joinEvents(all, facesPlace);
}

/** The lists of one event, an entry for each image. */
interface EventLists {
  readonly names: VariableReader;
  readonly boxes: VariableReader;
  /** By `faceLabels`. */
  readonly labels: readonly VariableReader[];
  /** By `splits`: the 1-based numbers of the faces that count. */
  readonly counted: readonly VariableReader[];
  readonly place: string;
}

/** The annotations of the images of one event. */
interface EventFaces {
  readonly names: readonly string[];
  /** Faces of each image. */
  readonly counts: readonly number[];
  /** Float64Array [faces, 4]. */
  readonly boxesXywh: Float64Array;
  /** Uint8Array [faces] each. */
  readonly labels: readonly Uint8Array[];
  readonly counted: readonly Uint8Array[];
}

/** Event by event, so that the thousands of small arrays of the lists are not held together. */
function readEvent(event: string, { names, boxes, labels, counted, place }: EventLists): EventFaces {
  const rows = Array.from({ length: names.count() }, (_, image) => boxes.rows(image, 4));
  const counts = rows.map(({ length }) => length / 4);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const read: EventFaces = {
    names: counts.map((_, image) => `${event}/${names.text(image)}`),
    counts,
    boxesXywh: new Float64Array(4 * total),
    labels: labels.map(() => new Uint8Array(total)),
    counted: counted.map(() => new Uint8Array(total)),
  };
  let first = 0;
  rows.forEach((values, image) => {
    const faces = counts[image];
    const where = (face: number) => (): string => whereIs(place, read.names[image], face);
    fillBoxes(read.boxesXywh, first, values, where);
    labels.forEach((label, index) => {
      fillLabels(read.labels[index], first, faceLabels[index], label.rows(image, 1, faces), where);
    });
    counted.forEach((list, split) => {
      const numbers = list.indices(image, faces);
      for (let at = 0; at < numbers.length; at++) read.counted[split][first + numbers[at] - 1] = 1;
    });
    first += faces;
  });
  return read;
}

/** @param values Float64Array [faces, 4], column by column: all x, all y, all w, all h. */
function fillBoxes(
  boxesXywh: Float64Array,
  first: number,
  values: Float64Array,
  where: (face: number) => () => string,
): void {
  const faces = values.length / 4;
  for (let face = 0, at = 4 * first; face < faces; face++, at += 4) {
    const x = values[face];
    const y = values[face + faces];
    const w = values[face + 2 * faces];
    const h = values[face + 3 * faces];
    if (!Number.isFinite(x + y + w + h)) checkedBox([x, y, w, h], where(face));
    boxesXywh[at] = x;
    boxesXywh[at + 1] = y;
    boxesXywh[at + 2] = w;
    boxesXywh[at + 3] = h;
  }
}

function fillLabels(
  filled: Uint8Array,
  first: number,
  label: FaceLabel,
  values: Float64Array,
  where: (face: number) => () => string,
): void {
  const known = labelNames[label].length;
  for (let face = 0; face < values.length; face++) {
    const value = values[face];
    filled[first + face] = value;
    // Of what is no whole number from 0 to 255 the byte is another number.
    if (filled[first + face] !== value || value >= known) checkedLabel(label, value, where(face));
  }
}

function joinEvents(events: readonly EventFaces[], place: string): WiderGroundTruth {
  const groundTruth = emptyGroundTruth(
    events.flatMap(({ names }) => names),
    events.flatMap(({ counts }) => counts),
    place,
  );
  let first = 0;
  for (const { boxesXywh, labels, counted } of events) {
    groundTruth.boxesXywh.set(boxesXywh, 4 * first);
    labels.forEach((values, index) => {
      groundTruth.labels[faceLabels[index]].set(values, first);
    });
    counted.forEach((values, split) => {
      groundTruth.counted[splits[split]].set(values, first);
    });
    first += boxesXywh.length / 4;
  }
  return groundTruth;
}
