import { ProtocolError } from '@retinabench/core/basics';
import type { Binning, ErrorAnalysisOptions, TideRule, TideSettings, Wanted } from '@retinabench/eval-detection';
import { binnings, parseWanted, tideRules, usualTideSettings } from '@retinabench/eval-detection/settings';
import type { ProtocolSettings } from '@retinabench/results';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { wholeNumber } from '../terminal/flags.js';

/** How scores are divided. */
export interface BinFlags {
  readonly binning: Binning;
  readonly bins: number;
}

/** What is analysed beside the numbers of an evaluation. */
export interface AnalysisFlags extends BinFlags {
  readonly tide?: TideRule;
  readonly tideMaxDets?: number;
  readonly calibration?: boolean;
  readonly want?: readonly Wanted[];
}

const usualBins = 10;

/** Add the flags of `BinFlags`. */
export function addBinFlags(command: Command): Command {
  return command
    .addOption(
      new Option('--binning <how>', 'how scores are divided for calibration').choices(binnings).default('equal-width'),
    )
    .option('--bins <n>', 'into how many bins', wholeNumber(1), usualBins);
}

/** Add the flags of `AnalysisFlags`. */
export function addAnalysisFlags(command: Command): Command {
  command
    .addOption(
      new Option(
        '--tide [rule]',
        'what each type of error costs in AP: localisation, duplicate, background, missed; clean, or as tidecv computes it',
      )
        .choices(tideRules)
        .preset('clean'),
    )
    .option(
      '--tide-max-dets <n>',
      'most detections of an image that take part in --tide (default: all; tidecv takes 100)',
      wholeNumber(1),
    )
    .option('--calibration', 'scores against precision: ECE, MCE, Brier score, and what fitted scores would change');
  return addBinFlags(command).option(
    '--want <rates>',
    'the scores for precision=0.95, recall=0.8, fppi=0.1, f1=0.7, f1=best or score=0.5; a list, or again for more',
    wantedRates,
  );
}

/**
 * What the flags ask for.
 *
 * @param foreground IoU from which a detection finds a face.
 * @throws {ProtocolError} if bins are given without `--calibration`, or a limit without `--tide`.
 */
export function analysisOptions(
  { tide, tideMaxDets, calibration, binning, bins, want }: AnalysisFlags,
  interval: boolean,
  foreground: number = usualTideSettings.foreground,
): ErrorAnalysisOptions {
  if (calibration !== true && (bins !== usualBins || binning !== 'equal-width')) {
    throw new ProtocolError('--bins and --binning divide the scores of --calibration; give it, too');
  }
  if (tide === undefined && tideMaxDets !== undefined) {
    throw new ProtocolError('--tide-max-dets is a setting of --tide; give it, too');
  }
  return {
    ...(tide === undefined ? {} : { tide: tideSettings(tide, foreground, tideMaxDets) }),
    ...(calibration === true ? { calibration: { binning, bins, fits: true } } : {}),
    ...(want === undefined ? {} : { wanted: want }),
    ...(interval ? { resampling: {} } : {}),
    foreground,
  };
}

function tideSettings(rule: TideRule, foreground: number, maxDetections: number | undefined): TideSettings {
  const { background } = usualTideSettings;
  return { rule, foreground, background, ...(maxDetections === undefined ? {} : { maxDetections }) };
}

/** Settings that change what an analysis gives; those that are not the usual ones go into the protocol. */
export function analysisSettings({ tide, tideMaxDets, calibration, binning, bins }: AnalysisFlags): ProtocolSettings {
  const isUsual = bins === usualBins && binning === 'equal-width';
  return {
    ...(tide === 'tidecv' ? { 'tide.rule': tide } : {}),
    ...(tideMaxDets === undefined ? {} : { 'tide.maxDetections': tideMaxDets }),
    ...(calibration === true && !isUsual ? { 'calibration.bins': bins, 'calibration.binning': binning } : {}),
  };
}

/** What tells records apart whose numbers are the same. */
export function analysisConditions({ tide, calibration, binning, bins, want }: AnalysisFlags): Record<string, unknown> {
  return {
    ...(tide === undefined ? {} : { tide }),
    ...(calibration === true ? { calibration: [binning, bins] } : {}),
    ...(want === undefined ? {} : { want }),
  };
}

/** What of an analysis these flags have printed. */
export function printedParts({ want }: AnalysisFlags): { readonly operating: boolean } {
  return { operating: want !== undefined };
}

function wantedRates(value: string, before: readonly Wanted[] = []): Wanted[] {
  try {
    return [...before, ...value.split(',').map(parseWanted)];
  } catch (error) {
    throw new InvalidArgumentError(`${(error as Error).message}.`);
  }
}
