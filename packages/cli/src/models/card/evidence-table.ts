import type { CardDraft, EvidenceRow } from '@retinabench/backends';
import { renderTable } from '../../terminal/table.js';

/** Choices that an evidence table shows of each kind, the best first. */
const mostRows = 6;

/** The evidence as a table: what was tried, how well faces are found under it, and what was chosen. */
export function evidenceTable({ rows }: CardDraft): string {
  const shown = (['outputs', 'colours and scale', 'fitting'] as const).flatMap((choice) => {
    const own = rows.filter((row) => row.choice === choice);
    return own.filter((row, rank) => row.chosen || rank < mostRows).map((row) => cells(row));
  });
  return renderTable(
    [
      { heading: '' },
      { heading: 'fitness', numeric: true },
      { heading: 'AP', numeric: true },
      { heading: 'found', numeric: true },
      { heading: 'IoU', numeric: true },
      { heading: 'points', numeric: true },
      { heading: 'choice' },
      { heading: 'reading' },
    ],
    shown,
  );
}

function cells({ choice, reading, evidence, chosen }: EvidenceRow): string[] {
  const number = (value: number | undefined): string => (value === undefined ? '' : value.toFixed(3));
  return [
    chosen ? '>' : '',
    number(evidence?.fitness ?? 0),
    number(evidence?.ap ?? 0),
    evidence === undefined ? '' : `${evidence.found}/${evidence.faces}`,
    number(evidence?.meanIou),
    number(evidence?.pointError),
    choice,
    reading,
  ];
}
