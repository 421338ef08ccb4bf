import { Chart, type ChartConfiguration, type ChartType } from 'chart.js';
import type { PageRecord } from '../src/page/page-data.js';
import type { Column } from '../src/page/parts/data-table.js';
import { sourceNote } from '../src/page/parts/source-note.js';
import { buildTable } from './build-table.js';
import { domOf } from './dom.js';
import { element } from './element.js';
import type { Selection } from './selection.js';
import { onThemeChange } from './theme.js';

/** A chart as data: its configuration, and the same in words. */
export interface ChartDrawing<Type extends ChartType> {
  readonly config: ChartConfiguration<Type>;
  /** One or two sentences that say what the chart says. */
  readonly summary: string;
  /** Height in pixels, where the number of bars decides it. */
  readonly heightPx?: number;
}

/** What a panel shows now: a chart, and the records behind it. */
export interface Drawing<Type extends ChartType> extends ChartDrawing<Type> {
  readonly records: readonly PageRecord[];
}

/** A chart with its numbers. */
export interface PanelOptions<Type extends ChartType, Row> {
  readonly title: string;
  /** How to read it. */
  readonly hint: string;
  readonly selection: Selection;
  /** Draws anew whenever a record, a control or the theme changes; undefined if there is nothing to show. */
  readonly draw: () => Drawing<Type> | undefined;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  /** Whether the summary is shown; else it is for screen readers alone. */
  readonly showSummary?: boolean;
  /** Selects and the like; each `change` event redraws. */
  readonly controls?: readonly HTMLElement[];
}

let panels = 0;

/** A figure: heading, hint, controls, the chart, where it comes from, and its numbers as a table. */
export function chartPanel<Type extends ChartType, Row>(options: PanelOptions<Type, Row>): HTMLElement {
  const { title, hint, selection, draw, controls = [] } = options;
  const id = `chart-${++panels}`;
  const canvas = element('canvas', { role: 'img', 'aria-describedby': `${id}-summary`, 'aria-label': title });
  const box = element('div', { class: 'canvas-box' }, canvas);
  const empty = element('p', { class: 'empty', hidden: true }, 'No record is switched on that has this.');
  const summary = element('p', { class: options.showSummary ? 'summary' : 'visually-hidden', id: `${id}-summary` });
  const source = element('details');
  let chart: Chart<Type> | undefined;

  const redraw = (): void => {
    chart?.destroy();
    chart = undefined;
    const drawing = draw();
    box.hidden = drawing === undefined;
    empty.hidden = drawing !== undefined;
    summary.textContent = drawing?.summary ?? '';
    source.hidden = drawing === undefined || drawing.records.length === 0;
    source.replaceChildren(
      element('summary', {}, 'Sources'),
      ...(drawing === undefined ? [] : [domOf(sourceNote(drawing.records))]),
    );
    if (drawing === undefined) return;
    box.style.height = drawing.heightPx === undefined ? '' : `${drawing.heightPx}px`;
    if (box.isConnected) chart = new Chart(canvas, drawing.config);
  };
  for (const control of controls) control.addEventListener('change', redraw);
  selection.onChange(redraw);
  onThemeChange(redraw);
  queueMicrotask(redraw);
  // Paper is narrower than the window, and a canvas does not draw itself anew for it: its picture is scaled.
  addEventListener('beforeprint', () => {
    box.style.height = 'auto';
    canvas.style.width = '100%';
    canvas.style.height = 'auto';
  });

  return element(
    'figure',
    { class: 'panel', id },
    element(
      'figcaption',
      {},
      element(
        'div',
        { class: 'panel-title' },
        element('h3', {}, title),
        element('div', { class: 'controls' }, ...controls),
      ),
      element('p', { class: 'hint' }, hint),
    ),
    box,
    empty,
    summary,
    source,
    numbersOf(options),
  );
}

/** The numbers behind a chart, drawn when they are first asked for: a curve has hundreds. */
function numbersOf<Type extends ChartType, Row>({ title, columns, rows }: PanelOptions<Type, Row>): HTMLElement {
  const details = element('details', {}, element('summary', {}, 'Numbers'));
  details.addEventListener('toggle', () => details.append(buildTable({ name: title, columns, rows })), { once: true });
  return details;
}

/** A select with a label, for the controls of a panel. */
export function labelledSelect(label: string, values: readonly string[], chosen?: string): HTMLSelectElement {
  return element(
    'select',
    { 'aria-label': label },
    ...values.map((value) => element('option', { value, selected: value === chosen }, `${label}: ${value}`)),
  );
}
