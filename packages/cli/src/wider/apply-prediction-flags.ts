import {
  convertPredictions,
  dropDuplicates,
  formatBoxFrame,
  type SizeOf,
  shiftFiles,
  type WiderPredictions,
} from '@retinabench/eval-wider/scoring';
import type { PredictionFlags } from './prediction-flags.js';

/** What the flags say of files as a whole: shifted, with duplicates. */
export function arrangePredictions(read: WiderPredictions, flags: PredictionFlags): WiderPredictions {
  const shifted = flags.fileShift === undefined ? read : shiftFiles(read, flags.fileShift);
  return flags.dropDuplicates === true ? dropDuplicates(shifted) : shifted;
}

/**
 * What the flags say of boxes and scores.
 *
 * @throws {DatasetError} if a size of an image is needed and not known.
 */
export function convertByFlags(
  predictions: WiderPredictions,
  flags: PredictionFlags,
  sizeOf: SizeOf | undefined,
): WiderPredictions {
  return convertPredictions(predictions, flags, sizeOf);
}

/** How files were read, as a record notes it, where that is not the layout's own way. */
export function predictionNotes(flags: PredictionFlags): string[] {
  const { header, columns, boxes, boxScale, boxFrame, boxShift, mirrored, scores, fileShift } = flags;
  const given: (string | undefined)[] = [
    header && `--header ${header}`,
    columns && `--columns ${columns.map((column) => column + 1).join(',')}`,
    boxes === 'xywh' ? undefined : `--boxes ${boxes}`,
    boxScale === 1 ? undefined : `--box-scale ${boxScale}`,
    boxFrame && `--box-frame ${formatBoxFrame(boxFrame)}`,
    boxShift && `--box-shift ${boxShift.x},${boxShift.y}`,
    mirrored === 'none' ? undefined : `--mirrored ${mirrored}`,
    scores === 'probability' ? undefined : `--scores ${scores}`,
    fileShift && `--file-shift ${fileShift.by}${fileShift.event === undefined ? '' : `@${fileShift.event}`}`,
    flags.dropDuplicates === true ? '--drop-duplicates' : undefined,
  ];
  return given.filter((flag) => flag !== undefined).map((flag) => `predictions read with ${flag}`);
}
