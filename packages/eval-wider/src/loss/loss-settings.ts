import { type MultiTaskOptions, type MultiTaskPreset, multiTaskPresets } from '@retinabench/core';
import type { ProtocolSettings } from '@retinabench/results';

/** The loss of a preset with the variances of the model that it judges. */
export function lossOptions(preset: MultiTaskPreset, variances: MultiTaskOptions['variances']): MultiTaskOptions {
  return { ...multiTaskPresets[preset], variances };
}

/** Every setting of the loss that changes its value, by the names of the record. */
export function lossSettings({
  match,
  mining,
  variances,
  beta,
  weights,
  landmarkDivisor,
}: MultiTaskOptions): ProtocolSettings {
  return {
    positiveIou: match.positiveIou,
    negativeIou: match.negativeIou,
    iouEquality: match.equality,
    claimIou: match.claimIou,
    takeover: match.takeover,
    negativesPerPositive: mining.negativesPerPositive,
    minimumNegatives: mining.minimumNegatives,
    variances,
    beta,
    weightClassification: weights.classification,
    weightBox: weights.box,
    weightLandmark: weights.landmark,
    landmarkDivisor,
  };
}
