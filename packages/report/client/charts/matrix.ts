import { recordColumn } from '../../src/page/parts/record-column.js';
import { chartPanel, labelledSelect } from '../chart-panel.js';
import type { Selection } from '../selection.js';
import { themeColour } from '../theme.js';
import { type MatrixRow, matrixChart, matrixHint, matrixRows, percent } from './matrix-chart.js';

/** AP against the size of the input, and every combination of model, backend and scale as a table. */
export function matrixPanel(selection: Selection): HTMLElement | undefined {
  const { data } = selection;
  const rows = matrixRows(data.records);
  // One size of the input is no curve: the table of detectors has it all.
  if (new Set(rows.map(({ cell }) => cell.scale)).size < 2) return undefined;
  const names = [...new Set(rows.map(({ name }) => name))];
  const number = labelledSelect('Number', names, names.includes('ap.hard') ? 'ap.hard' : names[0]);
  return chartPanel<'line', MatrixRow>({
    title: 'Combinations of model, backend and scale',
    hint: matrixHint(rows),
    selection,
    controls: [number],
    showSummary: true,
    draw: () => {
      const records = selection.shown(({ matrix }) => matrix !== undefined);
      const chosen = matrixRows(records).filter(({ name }) => name === number.value);
      return chosen.length === 0 ? undefined : { ...matrixChart(chosen, number.value, themeColour), records };
    },
    rows,
    columns: [
      recordColumn(data),
      { heading: 'Model', value: ({ cell }) => cell.model },
      { heading: 'Backend', value: ({ cell }) => cell.backend },
      { heading: 'Scale', value: ({ cell }) => cell.scale },
      { heading: 'Corruption', value: ({ cell }) => cell.perturb },
      { heading: 'Number', value: ({ name }) => name },
      { heading: 'Value', numeric: true, value: ({ value }) => value, show: ({ value }) => percent(value) },
      { heading: 'From', numeric: true, value: ({ cell, name }) => cell.interval?.[name]?.[0] },
      { heading: 'To', numeric: true, value: ({ cell, name }) => cell.interval?.[name]?.[1] },
      { heading: 'To the first', numeric: true, value: ({ cell, name }) => cell.difference?.[name]?.value },
      { heading: 'ms an image', numeric: true, value: ({ cell }) => cell.detectMs?.median },
    ],
  });
}
