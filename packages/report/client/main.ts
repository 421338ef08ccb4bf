import type { PageData } from '../src/page/page-data.js';
import type { SectionId } from '../src/page/page-sections.js';
import { applyChartColours, setUpCharts } from './chart-style.js';
import { breakdownPanel } from './charts/breakdown.js';
import { cumulativeErrorPanel } from './charts/cumulative-error.js';
import { errorTypePanel } from './charts/error-types.js';
import { identificationPanel } from './charts/identification.js';
import { landmarkBinsPanel } from './charts/landmark-bins.js';
import { latencyPanel } from './charts/latency.js';
import { latencyDistributionPanel } from './charts/latency-distribution.js';
import { lossPanel, positivesPanel } from './charts/loss.js';
import { matrixPanel } from './charts/matrix.js';
import { missRatePanel } from './charts/miss-rate.js';
import { precisionRecallPanel } from './charts/precision-recall.js';
import { reliabilityPanel } from './charts/reliability.js';
import { scoreHistogramPanel } from './charts/score-histogram.js';
import { speedAccuracyPanel } from './charts/speed-accuracy.js';
import { trendPanel } from './charts/trend.js';
import { detPanel, rocPanel } from './charts/verification.js';
import { element } from './element.js';
import { enhanceTable } from './enhance-table.js';
import { gallerySection } from './gallery.js';
import { createSelection, type Selection } from './selection.js';
import { onThemeChange, themeSwitch } from './theme.js';

start();

/** Put into the page what takes a script: charts, gallery, controls. The tables are there already. */
function start(): void {
  const data = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as PageData;
  const theme = themeSwitch();
  setUpCharts();
  onThemeChange(applyChartColours);
  document.getElementById('no-script')?.remove();
  document.querySelector('header .controls')?.append(printButton(), theme);
  for (const [id, content] of Object.entries(drawnSections(createSelection(data)))) fill(id, content);
  for (const table of document.querySelectorAll<HTMLElement>('.data-table')) enhanceTable(table);
  openTargets();
}

function fill(id: string, content: readonly HTMLElement[]): void {
  if (content.length === 0) return;
  const section = document.getElementById(id);
  section?.querySelector('.drawn')?.append(...content);
  section?.removeAttribute('hidden');
  document.querySelector(`nav a[href="#${id}"]`)?.removeAttribute('hidden');
}

function drawnSections(selection: Selection): Partial<Record<SectionId, readonly HTMLElement[]>> {
  const { data } = selection;
  const present = (...panels: (HTMLElement | undefined)[]): HTMLElement[] =>
    panels.filter((panel): panel is HTMLElement => panel !== undefined);
  const grid = (...panels: (HTMLElement | undefined)[]): HTMLElement[] => {
    const found = present(...panels);
    return found.length === 0 ? [] : [element('div', { class: 'grid' }, ...found)];
  };
  return {
    charts: data.records.length > 1 ? [selection.control] : [],
    accuracy: [
      ...present(speedAccuracyPanel(selection)),
      ...present(matrixPanel(selection)),
      ...grid(...curveNames(data).map((split) => precisionRecallPanel(selection, split)), missRatePanel(selection)),
      ...present(breakdownPanel(selection)),
      ...grid(errorTypePanel(selection), reliabilityPanel(selection)),
    ],
    latency: present(latencyPanel(selection), latencyDistributionPanel(selection)),
    verification: grid(
      rocPanel(selection),
      detPanel(selection),
      scoreHistogramPanel(selection),
      identificationPanel(selection),
    ),
    landmarks: grid(cumulativeErrorPanel(selection), landmarkBinsPanel(selection)),
    loss: grid(lossPanel(selection), positivesPanel(selection)),
    trend: present(trendPanel(selection)),
    failures: gallerySection(data),
  };
}

/** The splits that have curves, in the order of the first record that has each. */
function curveNames({ records }: PageData): string[] {
  return [...new Set(records.flatMap(({ curves }) => Object.keys(curves ?? {})))];
}

function printButton(): HTMLElement {
  const print = element('button', { type: 'button', class: 'quiet' }, 'Print');
  print.addEventListener('click', () => window.print());
  return print;
}

/** A link to what is folded unfolds it. */
function openTargets(): void {
  const open = (): void => {
    const target =
      location.hash.length < 2 ? null : document.getElementById(decodeURIComponent(location.hash.slice(1)));
    const folded = target?.closest('details');
    if (folded === null || folded === undefined) return;
    folded.open = true;
    target?.scrollIntoView();
  };
  addEventListener('hashchange', open);
  open();
}
