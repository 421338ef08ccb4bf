import { ProtocolError } from '@retinabench/core';
import type { AnnotationFormat, PredictionFormat, ReadingContext, ReadingSettings } from './reading.js';

/** Forms whose readers use a setting; those that are not here are used by all, or do no harm. */
const usedBy: Readonly<Partial<Record<keyof ReadingSettings, readonly (AnnotationFormat | PredictionFormat)[]>>> = {
  category: ['coco', 'csv', 'voc', 'yolo', 'coco-results'],
  boxes: ['csv', 'json-lines'],
  corners: ['voc', 'voc-detections'],
  columns: ['csv'],
  split: ['voc', 'yolo'],
  keypoints: ['yolo'],
  names: ['voc'],
};

/**
 * Refuse settings that the reader of a form would pass over: who gives them expects other numbers than they would get.
 *
 * @throws {ProtocolError} naming the flag.
 */
export function requireUsed(
  format: AnnotationFormat | PredictionFormat,
  location: string,
  context: ReadingContext,
): void {
  for (const [setting, formats] of Object.entries(usedBy) as [keyof ReadingSettings, readonly string[]][]) {
    if (context[setting] === undefined || formats.includes(format)) continue;
    throw new ProtocolError(
      `${location}: expected no ${context.flag(setting)} for the form ${format}, which does not use it (${formats.join(', ')} do), got ${JSON.stringify(context[setting]?.slice(0, 60))}; leave it out, or choose another form with ${context.flag('format')}`,
    );
  }
  if (context.units !== 'relative' || format === 'csv' || format === 'yolo') return;
  throw new ProtocolError(
    `${location}: expected boxes in pixels, as the form ${format} has them, got ${context.flag('units')} relative; bring them to pixels, or to CSV or YOLO, which may be in parts of the image`,
  );
}
