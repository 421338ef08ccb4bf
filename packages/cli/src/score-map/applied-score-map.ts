import type { Annotations } from '@retinabench/annotations';
import { ProtocolError } from '@retinabench/core/basics';
import { countNewTies, imageMarks, type ScoreMapFile, scoreMapOf } from '@retinabench/eval-detection';
import { formatCount, type ProtocolSettings, protocolId } from '@retinabench/results';
import { sha256 } from '../record/sha256.js';

/** A detector whose scores a map is applied to. */
export interface ScoredModel {
  readonly id: string;
  readonly sha256: string;
}

/** What a detector runs with. */
export interface ScoringDetector {
  readonly backend: { readonly id: string };
  readonly settings: ProtocolSettings;
}

/** What of a detector changes its scores, as a map states it. */
export function detectorSettings({ backend, settings }: ScoringDetector): ProtocolSettings {
  return { backend: backend.id, ...settings };
}

/** Digits that a parameter is printed with; the protocol names the map by a digest besides. */
const printedDigits = 4;

/** A map of scores that a command applies, with what its reader has to know. */
export class AppliedScoreMap {
  readonly #file: ScoreMapFile;
  readonly #place: string;
  readonly #force: boolean;
  readonly #map: (score: number) => number;

  constructor(file: ScoreMapFile, place: string, force: boolean) {
    this.#file = file;
    this.#place = place;
    this.#force = force;
    this.#map = scoreMapOf(file.map);
  }

  /** The setting of a protocol: kind, parameter and a digest of all parameters. */
  get settings(): ProtocolSettings {
    return { scoreMap: `${this.#name()} ${protocolId({ map: JSON.stringify(this.#file.map) })}` };
  }

  /** What a record and the terminal say of it. */
  get note(): string {
    const { fitted, source, model } = this.#file;
    return `scores mapped by ${this.#name()} (${this.#place}), fitted on ${formatCount(fitted.detections)} detections${model === undefined ? '' : ` of ${model.id}`} on ${formatCount(fitted.images)} images of ${source.annotations.name}`;
  }

  /**
   * Hold the map against the model whose scores it is applied to.
   *
   * @param model absent where predictions do not say whose they are.
   * @returns what is doubtful.
   * @throws {ProtocolError} if it was fitted for another model, and the flags do not force it.
   */
  modelWarnings(model: ScoredModel | undefined): string[] {
    const own = this.#file.model;
    if (own === undefined || model === undefined) {
      const unknown = own === undefined ? 'the map does not say' : 'the predictions do not say';
      return [
        `score-map-model-unknown: ${unknown} of which model its scores are: a map fits the scores of one model alone`,
      ];
    }
    if (own.sha256 === model.sha256) return [];
    const other = `${this.#place}: expected a map of the scores of ${model.id} (${model.sha256.slice(0, 12)}), got one of ${own.id} (${own.sha256.slice(0, 12)})`;
    if (!this.#force) {
      throw new ProtocolError(
        `${other}; fit one with retinabench calibrate, or --score-map-force applies it in spite of that`,
      );
    }
    return [`score-map-other-model: ${other}: applied in spite of that`];
  }

  /** Say of a detector whose settings or backend differ from those of the fit which do. */
  detectorWarnings(detector: ScoringDetector): string[] {
    const fitted = this.#file.detector;
    if (fitted === undefined) return [];
    const here = detectorSettings(detector);
    const names = [...new Set([...Object.keys(fitted), ...Object.keys(here)])];
    const shown = (value: unknown): string => (value === undefined ? 'none' : String(value));
    const differing = names
      .filter((name) => JSON.stringify(fitted[name]) !== JSON.stringify(here[name]))
      .map((name) => `${name} ${shown(fitted[name])} there, ${shown(here[name])} here`);
    if (differing.length === 0) return [];
    return [
      `score-map-other-settings: the map was fitted with other settings of the detector: ${differing.join('; ')}`,
    ];
  }

  /** Say how many of the annotated images the map was fitted on. */
  imageWarnings(annotations: Annotations): string[] {
    const known = new Set(this.#file.fittedOn);
    const seen = imageMarks(annotations, sha256).filter((mark) => known.has(mark)).length;
    if (seen === 0) return [];
    return [
      `score-map-not-held-out: the map was fitted on ${formatCount(seen)} of these ${formatCount(annotations.images.length)} images: calibration and thresholds are better here than on others`,
    ];
  }

  /**
   * Map scores, and say how many detections become tied.
   *
   * @throws {ProtocolError} if a score lies outside 0..1.
   */
  apply(scores: Float64Array): { readonly scores: Float64Array; readonly warnings: readonly string[] } {
    const mapped = scores.map(this.#map);
    const ties = countNewTies(scores, mapped);
    if (ties === 0) return { scores: mapped, warnings: [] };
    return {
      scores: mapped,
      warnings: [
        `score-map-ties: ${formatCount(ties)} of ${formatCount(scores.length)} detections share their score with another since the map: their order is lost, and AP may change`,
      ],
    };
  }

  /** One score of detections that are written out one by one. @throws {ProtocolError} if it lies outside 0..1. */
  mapScore(score: number): number {
    return this.#map(score);
  }

  #name(): string {
    const { map } = this.#file;
    return map.kind === 'temperature'
      ? `temperature ${Number(map.temperature.toPrecision(printedDigits))}`
      : `isotonic of ${map.from.length} steps`;
  }
}
