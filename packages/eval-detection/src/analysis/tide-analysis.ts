import type { TideAnalysis, TideGroup } from '@retinabench/results';
import { type ResamplingOptions, roundDraws } from '../resample/draw-images.js';
import { stateResampling } from '../resample/state-resampling.js';
import { type ClassifiedErrors, classifyErrors, type TideInput } from '../tide/classify.js';
import { decomposeErrors } from '../tide/decompose.js';
import { encodeTypes } from '../tide/encode-types.js';
import { type ErrorGroups, lossesByGroup } from '../tide/losses-by-group.js';
import { type TideIntervals, tideIntervals } from '../tide/resampled-losses.js';
import { type TideSettings, usualTideSettings } from '../tide/tide-settings.js';

/** Faces, and with an image's attribute also detections, divided by one attribute. */
export interface FaceGroups {
  readonly names: readonly string[];
  /** Int32Array [faces]: the group of each; -1: none. */
  readonly ofFace: Int32Array;
  /** Int32Array [images]: the group of an image, where the attribute is one of images, such as its event. */
  readonly ofImage?: Int32Array;
  /** Group of a height in pixels, where the attribute is the height: detections on no face have one, too. */
  readonly ofHeight?: (heightPx: number) => number;
}

/** What a TIDE analysis takes beside faces and detections. */
export interface TideAnalysisOptions {
  readonly settings?: TideSettings;
  /** Which faces count, where the record has several sets of them. */
  readonly counted?: string;
  /** By attribute. */
  readonly groups?: Readonly<Record<string, FaceGroups>>;
  /** Absent: no intervals. */
  readonly resampling?: ResamplingOptions;
}

/**
 * TIDE as a record has it, and the types of the detections of each image (`encodeTypes`).
 *
 * @param errors the classification under these settings, where it is there already.
 * @returns undefined if no face counts.
 * @throws as classifyErrors and drawImages.
 */
export function analyseTide(
  input: TideInput,
  { settings = usualTideSettings, counted, groups = {}, resampling }: TideAnalysisOptions = {},
  errors: ClassifiedErrors = classifyErrors(input, settings),
): { readonly tide: TideAnalysis; readonly types: readonly string[] } | undefined {
  const result = decomposeErrors(input, settings, errors);
  if (result === undefined) return undefined;
  const byGroup: Record<string, Record<string, TideGroup>> = {};
  for (const [name, of] of Object.entries(groups)) {
    const losses = lossesByGroup(errors, errorGroups(of, input));
    if (Object.keys(losses).length > 0) byGroup[name] = losses;
  }
  return {
    tide: {
      ...settings,
      ...(counted === undefined ? {} : { counted }),
      ...result,
      ...(resampling === undefined
        ? {}
        : resampled(tideIntervals(result, errors, input.ranked, input.faces.start, resampling), resampling)),
      ...(Object.keys(byGroup).length === 0 ? {} : { groups: byGroup }),
    },
    types: encodeTypes(errors, input.ranked),
  };
}

function resampled(
  { draws, ...interval }: TideIntervals,
  resampling: ResamplingOptions,
): Pick<TideAnalysis, 'interval' | 'resampling' | 'draws'> {
  const rounded = Object.entries(draws).map(([type, of]) => [type, roundDraws(of)]);
  return { interval, resampling: stateResampling(resampling), draws: Object.fromEntries(rounded) };
}

function errorGroups({ names, ofFace, ofImage, ofHeight }: FaceGroups, { ranked, boxesXywh }: TideInput): ErrorGroups {
  if (ofImage !== undefined) {
    return { names, ofFace, ofBackground: (rank) => ofImage[ranked.image[rank]] };
  }
  if (ofHeight === undefined) return { names, ofFace };
  return { names, ofFace, ofBackground: (rank) => ofHeight(boxesXywh[4 * ranked.detection[rank] + 3]) };
}
