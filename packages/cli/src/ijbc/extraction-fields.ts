import { readExtraction } from '@retinabench/eval-ijbc';
import type { ProtocolSettings, ResultRecord } from '@retinabench/results';

/** What the record of a number says about the features that it is of. */
export interface ExtractionFields {
  /** The embedder. */
  readonly model?: NonNullable<ResultRecord['model']>;
  /** How the features were made, as far as it changes the number. */
  readonly settings: ProtocolSettings;
  readonly facesNotFound?: number;
}

/** What `ijbc extract` wrote down beside the features; of features made by anything else, nothing. */
export function extractionFields(features: string): ExtractionFields {
  const about = readExtraction(features);
  if (about === undefined) return { settings: {} };
  const { detector, settings, embedder, facesNotFound } = about;
  return {
    model: embedder,
    settings: {
      'extraction.detector': detector?.id ?? 'none',
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [`extraction.${name}`, value])),
    },
    facesNotFound,
  };
}
