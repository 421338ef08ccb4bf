import path from 'node:path';
import type { AnnotationFormat, PredictionFormat } from '@retinabench/annotations';
import { DatasetError, ProtocolError } from '@retinabench/core';
import {
  type AuditSettings,
  auditLabels,
  type DetectedBoxes,
  defaultFaceSettings,
  evaluatedFaces,
  type LabelAudit,
  restrictAnnotations,
  type Suspicion,
} from '@retinabench/eval-detection';
import { formatCount } from '@retinabench/results';
import type { Command } from 'commander';
import { annotatedFiles } from '../annotated/annotated-files.js';
import { describeAnnotations, describePredictions } from '../annotated/describe-reading.js';
import { imagesFolder } from '../annotated/images-folder.js';
import { joinPredictions } from '../annotated/joined-predictions.js';
import { loadAnyAnnotations, loadAnyPredictions } from '../annotated/load-any.js';
import { readingSettings } from '../annotated/reading-flags.js';
import { OwnedFolder } from '../detect/owned-folder.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { type OutputKind, requireWritable, writeOutput } from '../terminal/output-file.js';
import { type Column, renderTable } from '../terminal/table.js';
import { type AuditedSet, auditToCoco } from './audit-to-coco.js';
import { drawSuspicion } from './draw-suspicion.js';

interface AuditFlags extends OutputFlags {
  readonly gt?: string;
  readonly pred?: readonly string[];
  readonly images?: string;
  readonly draw?: string;
  readonly out?: string;
  readonly top: number;
  readonly sure: number;
  readonly models?: number;
  readonly repeated: number;
}

const cocoOutput: OutputKind = { what: 'the suspect annotations', flag: '--out FILE', begins: /^\uFEFF?\s*\{/ };

/** The action of `retinabench datasets audit`. */
export async function runAudit(flags: AuditFlags, command: Command): Promise<void> {
  const { gt, pred = [] } = flags;
  if (gt === undefined || pred.length === 0) {
    throw new ProtocolError(
      'datasets audit needs --gt PATH and --pred PATH, once for each detector; retinabench datasets audit --help has examples',
    );
  }
  const output = outputOf(flags);
  if (flags.out !== undefined) await requireWritable(flags.out, cocoOutput);
  const set = readSet(gt, pred, command.opts<Record<string, unknown>>());
  if (!output.quiet) set.notes.forEach(printNote);
  for (const warning of set.warnings) printNote(`warning: ${warning}`);
  const settings: AuditSettings = {
    ...{ sure: flags.sure, models: flags.models ?? pred.length, background: 0.1, foreground: 0.5 },
    repeated: flags.repeated,
  };
  const faces = evaluatedFaces(set.annotations, { ...defaultFaceSettings, facesWithoutArea: 'ignored' });
  const audit = auditLabels(set.annotations, faces, set.detected, settings);
  const all = [...audit.unannotated, ...audit.neverFound, ...audit.repeated];
  const listed = [audit.unannotated, audit.neverFound, audit.repeated].flatMap((of) => of.slice(0, flags.top));
  if (flags.out !== undefined) {
    await writeOutput(flags.out, `${JSON.stringify(auditToCoco(set, all))}\n`, cocoOutput);
    if (!output.quiet) printNote(`COCO: ${flags.out}, ${formatCount(all.length)} annotations`);
  }
  if (flags.draw !== undefined) await drawAll(set, listed, { ...flags, draw: flags.draw, gt });
  printJson(output, { settings, detectors: set.names, ...namedAudit(set, audit) });
  printResult(output, formatAudit(set, audit, flags.top));
}

function readSet(gt: string, pred: readonly string[], given: Readonly<Record<string, unknown>>): AuditedSet {
  const truth = loadAnyAnnotations(gt, readingSettings<AnnotationFormat>(given, 'gt'));
  const reading = { ...readingSettings<PredictionFormat>(given, 'pred'), annotations: truth };
  const read = pred.map((location) => loadAnyPredictions(location, reading));
  const joined = read.map((predictions) => joinPredictions(truth, predictions, 'leave-out'));
  const predicted = joined.map(({ annotations }) => new Set(annotations.images));
  const keep = Uint8Array.from(truth.annotations.images, (image) => (predicted.every((of) => of.has(image)) ? 1 : 0));
  const annotations = restrictAnnotations(truth.annotations, keep);
  if (annotations.images.length === 0) {
    throw new DatasetError(`${gt}: expected images that all of ${pred.join(', ')} have predictions for, got none`);
  }
  const detected = joined.map(({ predictions }): DetectedBoxes => {
    const places = new Map(predictions.images.map((image, index) => [image, index]));
    const at = annotations.images.map((image) => places.get(image) ?? -1);
    return {
      ranges: {
        first: Int32Array.from(at, (place) => (place < 0 ? 0 : predictions.start[place])),
        end: Int32Array.from(at, (place) => (place < 0 ? 0 : predictions.start[place + 1])),
      },
      boxesXywh: predictions.boxesXywh,
      scores: predictions.scores,
    };
  });
  const left = truth.annotations.images.length - annotations.images.length;
  const names = pred.map((location) => path.basename(path.resolve(location)));
  const notes = [
    ...describeAnnotations(truth),
    ...read.flatMap((predictions, index) => describePredictions(predictions, joined[index].rule)),
    ...(left > 0 ? [`${formatCount(left)} annotated images that a set of predictions lacks are left out`] : []),
  ];
  const warnings = joined.flatMap((of, index) => of.warnings.map((warning) => `${pred[index]}: ${warning}`));
  return { annotations, detected, names, notes, warnings };
}

async function drawAll(
  { annotations, names }: AuditedSet,
  listed: readonly Suspicion[],
  { images, draw, gt, quiet }: Pick<AuditFlags, 'images' | 'quiet'> & { readonly draw: string; readonly gt: string },
): Promise<void> {
  const folder = new OwnedFolder(draw, '--draw DIR');
  try {
    const files = await annotatedFiles(annotations, await imagesFolder(gt, images), true);
    if (quiet !== true) files.notes.forEach(printNote);
    const fileOf = new Map(files.images.map(({ image, file }) => [image, file]));
    const missing = listed.filter(({ image }) => !fileOf.has(annotations.images[image])).length;
    if (missing > 0)
      printNote(
        `${missing} of ${listed.length} are not drawn: their images are not in the folder; name it with --images DIR`,
      );
    const ranks = new Map<string, number>();
    for (const suspicion of listed) {
      const rank = (ranks.get(suspicion.kind) ?? 0) + 1;
      ranks.set(suspicion.kind, rank);
      const file = fileOf.get(annotations.images[suspicion.image]);
      if (file === undefined) continue;
      const picture = await drawSuspicion(file, annotations, suspicion);
      await folder.write(`${suspicion.kind}-${String(rank).padStart(3, '0')}.png`, picture);
    }
    printNote(`drawn: ${draw}, detectors ${names.join(', ')}`);
  } finally {
    folder.close();
  }
}

const columns: readonly Column[] = [
  { heading: '#', numeric: true },
  { heading: 'image' },
  { heading: 'x, y, w, h' },
  { heading: 'how sure', numeric: true },
  { heading: 'detectors' },
];

function formatAudit({ annotations, names }: AuditedSet, audit: LabelAudit, top: number): string {
  const section = (
    title: string,
    heading: string,
    list: readonly Suspicion[],
    show: (of: Suspicion) => string,
  ): string[] => [
    `${title}: ${formatCount(list.length)}${list.length > top ? `, the first ${top}` : ''}`,
    ...(list.length === 0
      ? []
      : [
          renderTable(
            columns.map((column) => (column.heading === 'how sure' ? { ...column, heading } : column)),
            list
              .slice(0, top)
              .map((of, index) => [
                String(index + 1),
                annotations.images[of.image],
                of.boxXywh.map((value) => String(Math.round(value))).join(', '),
                show(of),
                of.kind === 'unannotated' ? of.models.map((model) => names[model]).join(', ') : '',
              ]),
          ),
        ]),
    '',
  ];
  const iou = ({ iou: value = 0 }: Suspicion): string => value.toFixed(2);
  return [
    ...section(
      'not annotated, and the detectors are sure of a face',
      'right of such',
      audit.unannotated,
      ({ score }) => `${(100 * score).toFixed(0)} %`,
    ),
    ...section('annotated, and no detector finds it', 'nearest IoU', audit.neverFound, iou),
    ...section('annotated twice', 'IoU', audit.repeated, iou),
    `${formatCount(annotations.images.length)} images, ${formatCount(annotations.boxesXywh.length / 4)} annotated faces; detectors ${names.join(', ')}`,
  ].join('\n');
}

function namedAudit({ annotations, names }: AuditedSet, audit: LabelAudit): Record<string, unknown> {
  const named = (list: readonly Suspicion[]): unknown[] =>
    list.map(({ image, models, ...rest }) => ({
      ...rest,
      image: annotations.images[image],
      detectors: models.map((model) => names[model]),
    }));
  return {
    unannotated: named(audit.unannotated),
    neverFound: named(audit.neverFound),
    repeated: named(audit.repeated),
  };
}
