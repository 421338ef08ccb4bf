import type { Annotations } from '@retinabench/annotations';
import type { CalibrationAnalysis, OperatingTable, TideAnalysis } from '@retinabench/results';
import { faceBins } from '../breakdown/face-bins.js';
import type { Binning } from '../calibration/bin-edges.js';
import type { JudgedDetections } from '../calibration/judged-detections.js';
import type { FaceSettings } from '../faces/treatment.js';
import type { DetectedBoxes } from '../match/prepare-matching.js';
import type { ResamplingOptions } from '../resample/draw-images.js';
import type { Wanted } from '../thresholds/find-threshold.js';
import { type TideSettings, usualTideSettings } from '../tide/tide-settings.js';
import { analyseCalibration } from './calibration-analysis.js';
import { type ClassifiedDetections, classifyDetections, judgeDetections } from './judge-detections.js';
import { analyseOperating } from './operating-analysis.js';
import { analyseTide, type FaceGroups } from './tide-analysis.js';

/** What is analysed beside the operating points. */
export interface ErrorAnalysisOptions {
  /** Absent: no TIDE. */
  readonly tide?: TideSettings;
  /** Absent: no calibration. */
  readonly calibration?: {
    readonly binning: Binning;
    readonly bins: number;
    /** Whether maps of the scores are fitted, and measured on held-out images. */
    readonly fits: boolean;
    readonly seed?: number;
  };
  /** Rates asked for beside the usual ones. */
  readonly wanted?: readonly Wanted[];
  /** Absent: no intervals. */
  readonly resampling?: ResamplingOptions;
  /** IoU from which a detection finds a face, for calibration and operating points; default 0.5. */
  readonly foreground?: number;
  /** Which faces count, where the record has several sets of them. */
  readonly counted?: string;
  /** What calibration and operating points judge by, where that is not COCO's matching at the foreground IoU. */
  readonly judged?: { readonly matching: string; readonly detections: JudgedDetections };
  /** What the folders of the images are called; default `folder`. */
  readonly folders?: string;
}

/** The parts of a record that say where accuracy is lost. */
export interface ErrorAnalysis {
  readonly tide?: TideAnalysis;
  readonly calibration?: CalibrationAnalysis;
  readonly operating?: OperatingTable;
  /** Of each image, the types of its detections (`encodeTypes`); with `tide`. */
  readonly types?: readonly string[];
}

/** Upper ends of the bins of face height, pixels. */
const heightEdgesPx = [16, 32, 64, 128, 256];

/** More folders than this are not taken as classes. */
const mostFolders = 100;

/**
 * Say where a detector loses accuracy on annotated images: errors by type, calibration, operating points.
 *
 * @param detected of the images of the annotations, in their order.
 * @throws {ProtocolError}, {ShapeError} as the analyses.
 * Cost: full WIDER FACE validation takes under 2 s with all of them and their intervals (docs/errors.md).
 */
export function analyseErrors(
  annotations: Annotations,
  { ranges, boxesXywh, scores }: DetectedBoxes,
  settings: FaceSettings,
  options: ErrorAnalysisOptions,
): ErrorAnalysis {
  const { tide: tideSettings, calibration, wanted, resampling, counted, folders = 'folder' } = options;
  const limit = tideSettings?.maxDetections;
  const foreground = options.foreground ?? usualTideSettings.foreground;
  // Where detections are judged already and TIDE is not asked for, nothing is matched again.
  let known: ClassifiedDetections | undefined;
  const classified = (): ClassifiedDetections => {
    known ??= classifyDetections(annotations, { ranges, boxesXywh, scores }, settings, {
      ...usualTideSettings,
      foreground,
      ...tideSettings,
    });
    return known;
  };
  const common = {
    ...(counted === undefined ? {} : { counted }),
    ...(resampling === undefined ? {} : { resampling }),
  };
  const analysed =
    tideSettings === undefined
      ? undefined
      : analyseTide(
          classified().input,
          { ...common, settings: tideSettings, groups: groupsOf(annotations, classified().source, folders) },
          classified().errors,
        );
  const judged = options.judged ?? {
    matching: `coco ${foreground}${limit === undefined ? '' : `, ${limit} detections an image`}`,
    detections: judgeDetections(classified()),
  };
  const calibrated =
    calibration &&
    analyseCalibration(judged.detections, {
      ...common,
      matching: judged.matching,
      binning: calibration.binning,
      bins: calibration.bins,
      ...(calibration.fits ? { heldOut: { seed: calibration.seed ?? 0 } } : {}),
    });
  const operating = analyseOperating(judged.detections, {
    ...common,
    matching: judged.matching,
    ...(wanted === undefined ? {} : { wanted }),
  });
  return {
    ...analysed,
    ...(calibrated === undefined ? {} : { calibration: calibrated }),
    ...(operating === undefined ? {} : { operating }),
  };
}

/** The faces by height, by every attribute that divides them into classes, and by folder. */
function groupsOf(annotations: Annotations, source: Int32Array, folders: string): Record<string, FaceGroups> {
  const groups: Record<string, FaceGroups> = {};
  const heights = annotations.boxesXywh.filter((_, at) => at % 4 === 3);
  const height = faceBins({ kind: 'number', values: heights }, 'height', heightEdgesPx);
  if (height !== undefined) {
    groups.height = {
      names: height.names,
      ofFace: source.map((face) => height.binOf[face]),
      ofHeight: (heightPx) => {
        const bin = heightEdgesPx.findIndex((edge) => heightPx < edge);
        return bin < 0 ? heightEdgesPx.length : bin;
      },
    };
  }
  for (const [name, column] of annotations.attributes) {
    const bins = faceBins(column, name);
    if (bins !== undefined) groups[name] = { names: bins.names, ofFace: source.map((face) => bins.binOf[face]) };
  }
  const byFolder = foldersOf(annotations, source);
  if (byFolder !== undefined) groups[folders] = byFolder;
  return groups;
}

function foldersOf({ images, start }: Annotations, source: Int32Array): FaceGroups | undefined {
  const folders = images.map((image) => image.slice(0, Math.max(image.lastIndexOf('/'), 0)) || '.');
  const names = [...new Set(folders)];
  if (names.length < 2 || names.length > mostFolders) return undefined;
  const places = new Map(names.map((name, index) => [name, index]));
  const ofImage = Int32Array.from(folders, (folder) => places.get(folder) ?? -1);
  const ofAnnotated = new Int32Array(start[images.length]);
  for (let image = 0; image < images.length; image++) ofAnnotated.fill(ofImage[image], start[image], start[image + 1]);
  return { names, ofFace: source.map((face) => ofAnnotated[face]), ofImage };
}
