import type { WiderEvaluation } from '@retinabench/eval-wider';
import { type ProtocolSettings, splits } from '@retinabench/results';
import { formatProtocol } from '../record/format-protocol.js';
import { type Column, renderTable } from '../terminal/table.js';

/** What is printed beside the numbers. */
export interface EvaluationContext {
  /** Name of the data set. */
  readonly dataset: string;
  /** Every setting that changes the number, as the record has them. */
  readonly protocol: ProtocolSettings;
  /** Sentences that belong beside the result. */
  readonly notes: readonly string[];
  /** Names a split to print it alone; default: all. */
  readonly split?: (typeof splits)[number];
}

const columns: readonly Column[] = [
  { heading: 'split' },
  { heading: 'AP', numeric: true },
  { heading: '95 % interval', numeric: true },
  { heading: 'faces', numeric: true },
  { heading: 'found', numeric: true },
  { heading: 'proposals', numeric: true },
  { heading: 'AP@[.5:.95]', numeric: true },
];

/** The result of an evaluation as text for a terminal: AP by split, protocol, images and notes. */
export function formatEvaluation(evaluation: WiderEvaluation, context: EvaluationContext): string {
  const { ap, interval, counts, metrics, images } = evaluation;
  const rows = splits
    .filter((split) => context.split === undefined || context.split === split)
    .map((split) => {
      const bounds = interval?.[split];
      const { faces, truePositives, proposals } = counts[split];
      return [
        split,
        ap[split]?.toFixed(4) ?? 'no faces',
        bounds === undefined ? '-' : bounds.map((bound) => bound.toFixed(4)).join(' .. '),
        String(faces),
        String(truePositives),
        String(proposals),
        metrics[`coco.ap.${split}`]?.toFixed(4) ?? '-',
      ];
    });
  return [
    renderTable(columns, rows),
    '',
    formatProtocol(context.protocol),
    `data set ${context.dataset}: ${images.length} images`,
    ...context.notes,
  ].join('\n');
}
