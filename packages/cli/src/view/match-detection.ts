import type { Annotations, LoadedPredictions } from '@retinabench/annotations';
import { DatasetError, ProtocolError } from '@retinabench/core';
import {
  type ClassifiedDetections,
  classifyDetections,
  defaultFaceSettings,
  detectionTypes,
  type FaceSettings,
  restrictAnnotations,
  treatments,
  usualTideSettings,
} from '@retinabench/eval-detection';
import type { ResultRecord } from '@retinabench/results';
import { joinPredictions } from '../annotated/joined-predictions.js';
import type { AnyAnnotations } from '../annotated/load-any.js';
import type { BrowsedRun } from './browsed-run.js';
import { doubtsOfDetections, matchingIou } from './doubts-of-detections.js';

/**
 * Match the predictions of a detection record by COCO's rules at the IoU of its F1, with the faces that its protocol counts.
 *
 * @param truth of all images, whose order the result has.
 * @param place names the record, for messages.
 * @throws {DatasetError} if the record is of images that are not annotated, or no predictions are of the images.
 * @throws {ProtocolError} if a setting of faces is not known here.
 * Cost: as classifyDetections and doubtsOfDetections.
 */
export function matchDetection(
  truth: AnyAnnotations,
  record: ResultRecord,
  place: string,
  read: Pick<LoadedPredictions, 'predictions' | 'location'>,
): BrowsedRun {
  const { annotations } = truth;
  const names = record.detection?.images?.names;
  const keep = keptImages(annotations.images, names, place);
  const settings = faceSettingsOf(record, place);
  const joined = joinPredictions(
    { annotations: restrictAnnotations(annotations, keep), location: truth.location },
    read,
    names === undefined ? 'leave-out' : 'empty',
  );
  const kept = joined.annotations;
  const places = new Map(joined.predictions.images.map((name, index) => [name, index]));
  const own = kept.images.map((name) => places.get(name));
  const { start: predicted, boxesXywh: boxes, scores } = joined.predictions;
  const ranges = {
    first: Int32Array.from(own, (index) => (index === undefined ? 0 : predicted[index])),
    end: Int32Array.from(own, (index) => (index === undefined ? 0 : predicted[index + 1])),
  };
  const stated = matchingIou(record);
  const iou = stated ?? 0.5;
  const tide = { ...usualTideSettings, foreground: iou, background: Math.min(usualTideSettings.background, iou / 2) };
  const detected = { ranges, boxesXywh: boxes, scores };
  const { errors, input, source } = classifyDetections(kept, detected, settings, tide);
  return {
    ...placeOnSet(annotations, kept, detected, { errors, input, source }),
    doubts: doubtsOfDetections(record, kept, detected, { faces: settings, iou: stated }),
  };
}

/** What was matched on some of the images, in the order of all. */
function placeOnSet(
  annotations: Annotations,
  kept: Annotations,
  detected: { readonly boxesXywh: Float64Array; readonly scores: Float64Array },
  { errors, input: { ranked }, source }: ClassifiedDetections,
): BrowsedRun {
  const setOf = new Map(annotations.images.map((name, index) => [name, index]));
  const imageOf = Int32Array.from(kept.images, (name) => setOf.get(name) ?? 0);
  const keptOf = new Int32Array(annotations.images.length).fill(-1);
  imageOf.forEach((image, index) => {
    keptOf[image] = index;
  });
  const start = new Int32Array(annotations.images.length + 1);
  keptOf.forEach((index, image) => {
    start[image + 1] = start[image] + (index < 0 ? 0 : ranked.start[index + 1] - ranked.start[index]);
  });
  const count = start[annotations.images.length];
  const run = {
    evaluated: Uint8Array.from(keptOf, (index) => (index < 0 ? 0 : 1)),
    counted: countedOnSet(annotations, kept, imageOf, { counted: errors.counted, source }),
    start,
    scores: new Float64Array(count),
    face: new Int32Array(count).fill(-1),
    near: new Int32Array(count).fill(-1),
    aside: new Uint8Array(count),
    heightsPx: new Float64Array(count),
  };
  const boxesXywh = new Float64Array(4 * count);
  imageOf.forEach((image, index) => {
    for (let place = ranked.start[index]; place < ranked.start[index + 1]; place++) {
      const rank = ranked.byImage[place];
      const at = start[image] + place - ranked.start[index];
      const from = ranked.detection[rank];
      const face = errors.face[rank] < 0 ? -1 : source[errors.face[rank]] - kept.start[index];
      const goes = errors.type[rank] === detectionTypes.hit || errors.type[rank] === detectionTypes.duplicate;
      run.scores[at] = detected.scores[from];
      run.aside[at] = errors.ignored[rank];
      if (goes) run.face[at] = face;
      else run.near[at] = face;
      boxesXywh.set(detected.boxesXywh.subarray(4 * from, 4 * from + 4), 4 * at);
      run.heightsPx[at] = detected.boxesXywh[4 * from + 3];
    }
  });
  return { run, boxesXywh };
}

/** Uint8Array [faces of all images]: 1 where a face counts. */
function countedOnSet(
  annotations: Annotations,
  kept: Annotations,
  imageOf: Int32Array,
  { counted, source }: { readonly counted: Uint8Array; readonly source: Int32Array },
): Uint8Array {
  const ofKept = new Uint8Array(kept.boxesXywh.length / 4);
  source.forEach((face, evaluated) => {
    ofKept[face] = counted[evaluated];
  });
  const ofAll = new Uint8Array(annotations.boxesXywh.length / 4);
  imageOf.forEach((image, index) => {
    ofAll.set(ofKept.subarray(kept.start[index], kept.start[index + 1]), annotations.start[image]);
  });
  return ofAll;
}

function keptImages(images: readonly string[], names: readonly string[] | undefined, place: string): Uint8Array {
  if (names === undefined) return new Uint8Array(images.length).fill(1);
  const annotated = new Set(images);
  const unknown = names.find((name) => !annotated.has(name));
  if (unknown !== undefined) {
    throw new DatasetError(
      `${place}: expected images of the annotations, got ${unknown}, which is not among them; name its annotations with --gt PATH`,
    );
  }
  const evaluated = new Set(names);
  return Uint8Array.from(images, (name) => (evaluated.has(name) ? 1 : 0));
}

/** Which faces count by the protocol of a record. */
function faceSettingsOf({ protocol }: ResultRecord, place: string): FaceSettings {
  const treatment = (name: 'crowd' | 'ignored' | 'difficult'): FaceSettings['crowd'] => {
    const value = protocol[`faces.${name}`] ?? defaultFaceSettings[name];
    const known = treatments.find((one) => one === value);
    if (known !== undefined) return known;
    throw new ProtocolError(
      `${place}: faces.${name}: expected one of ${treatments.join(', ')}, got ${String(value)}; make the record again`,
    );
  };
  const minSizePx = protocol['faces.minSizePx'];
  return {
    crowd: treatment('crowd'),
    ignored: treatment('ignored'),
    difficult: treatment('difficult'),
    minSizePx: typeof minSizePx === 'number' ? minSizePx : defaultFaceSettings.minSizePx,
    facesWithoutArea: protocol['faces.withoutArea'] === 'ignored' ? 'ignored' : 'counted',
  };
}
