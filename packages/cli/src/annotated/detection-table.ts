import type { DetectionEvaluation } from '@retinabench/eval-detection';
import { formatCount, type ProtocolSettings } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { type Column, renderTable } from '../terminal/table.js';

/** What is printed beside the numbers. */
export interface DetectionContext {
  readonly dataset: string;
  readonly images: number;
  /** IoU of the breakdowns. */
  readonly iou: number;
  readonly protocol: ProtocolSettings;
  /** Sentences that belong beside the result. */
  readonly notes: readonly string[];
}

const columns: readonly Column[] = [
  { heading: 'number' },
  { heading: 'value', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: 'what' },
];

/** Names of numbers in words; `{most}` is the last limit of detections. */
const words: readonly (readonly [name: string, what: string])[] = [
  ['ap', 'COCO AP, IoU 0.50 to 0.95, {most} detections an image'],
  ['ap50', 'at IoU 0.50'],
  ['ap75', 'at IoU 0.75'],
  ['apSmall', 'faces up to 32 x 32 px'],
  ['apMedium', 'up to 96 x 96 px'],
  ['apLarge', 'larger'],
  ['uncapped.ap', 'COCO AP without a limit of detections'],
  ['uncapped.ap50', 'at IoU 0.50'],
  ['uncapped.ap75', 'at IoU 0.75'],
  ['uncapped.ar', 'recall, mean over IoU'],
  ['voc.allPoint', 'VOC AP, area under the curve'],
  ['voc.elevenPoint', 'VOC AP of 2007, eleven recalls'],
  ['voc.plusOne.allPoint', 'on boxes one pixel larger'],
  ['voc.plusOne.elevenPoint', 'on boxes one pixel larger'],
  ['f1', 'highest F1 over scores'],
  ['missRate', 'log-average miss rate, 0.01 to 1 false positives an image'],
  ['wider.ap', 'AP by the WIDER FACE rules, all faces that count'],
];

/** The result of an evaluation as text for a terminal: numbers with intervals, operating points, protocol and notes. */
export function formatDetection(
  { detection, protocol, breakdown }: DetectionEvaluation,
  context: DetectionContext,
): string {
  const { values, interval = {}, points = {}, faces } = detection;
  const limits = protocol['coco.maxDets'];
  const most = Array.isArray(limits) ? String(limits.at(-1)) : '';
  const recalls = Object.keys(values)
    .filter((name) => /^ar\d+$/.test(name))
    .map(
      (name) =>
        [
          name,
          `recall with ${name.slice(2)} ${name === 'ar1' ? 'detection' : 'detections'} an image, mean over IoU`,
        ] as const,
    );
  const listed = [...words.slice(0, 6), ...recalls, ...words.slice(6)];
  const rows = listed.flatMap(([name, what]) => {
    const value = values[name];
    if (value === undefined) return [];
    const bounds = interval[name];
    const shown = bounds === undefined ? '-' : bounds.map((bound) => bound.toFixed(4)).join(' .. ');
    return [[name, value.toFixed(4), shown, what.replace('{most}', most)]];
  });
  const uses = Object.entries(points).map(
    ([name, point]) =>
      `${name === 'bestF1' ? 'best F1' : 'in use'} at score ${Number(point.score.toPrecision(6))}: precision ${point.precision.toFixed(4)}, recall ${point.recall.toFixed(4)}, F1 ${point.f1.toFixed(4)}, ${point.fppi.toFixed(3)} false positives an image`,
  );
  const flagged = [
    `${formatCount(faces.counted)} count`,
    ...(faces.ignored > 0 ? [`${formatCount(faces.ignored)} ignored`] : []),
    ...(faces.crowd > 0 ? [`${formatCount(faces.crowd)} taken as crowds`] : []),
    ...(faces.dropped > 0 ? [`${formatCount(faces.dropped)} dropped`] : []),
    ...(faces.withoutArea > 0 ? [`${formatCount(faces.withoutArea)} without area among them`] : []),
  ].join(', ');
  return [
    renderTable(columns, rows),
    '',
    ...uses,
    ...breakdownLines(breakdown, context.iou),
    formatProtocol(context.protocol),
    `data set ${context.dataset}: ${formatCount(context.images)} images; faces: ${flagged}; ${formatCount(detection.detections)} detections`,
    ...context.notes,
  ].join('\n');
}

/** Attributes with few bins in one line each, with the rules of the AP, which are not those of the numbers above; the record has all. */
function breakdownLines(breakdown: DetectionEvaluation['breakdown'], iou: number): string[] {
  return Object.entries(breakdown)
    .filter(([, bins]) => Object.keys(bins).length <= 8)
    .map(([name, bins]) => {
      const parts = Object.entries(bins).map(
        ([bin, { ap, faces }]) => `${bin} ${ap.toFixed(4)} (${formatCount(faces)})`,
      );
      return `AP at IoU ${iou} (COCO, 101 recalls, no limit of detections) by ${name}: ${parts.join(', ')}`;
    });
}
