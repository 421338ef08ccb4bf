import { describeRecognised } from '@retinabench/annotations';
import type { AnyAnnotations, AnyPredictions } from './load-any.js';

/** What was recognised in annotations, a sentence each. */
export function describeAnnotations(truth: AnyAnnotations): string[] {
  const { annotations } = truth;
  const read = describeRecognised(truth, annotations.images.length, annotations.boxesXywh.length / 4, 'faces');
  return [`annotations: ${truth.location} read as ${read}`, ...truth.notes.map((note) => `annotations: ${note}`)];
}

/** What was recognised in predictions, a sentence each. @param rule by which their images were matched. */
export function describePredictions(read: AnyPredictions, rule: string): string[] {
  const { images, scores } = read.predictions;
  const recognised = describeRecognised(read, images.length, scores.length, 'detections');
  return [
    `predictions: ${read.location} read as ${recognised}; images matched by ${rule}`,
    ...read.notes.map((note) => `predictions: ${note}`),
  ];
}
