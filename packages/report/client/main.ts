import type { PageData } from '../src/page/page-data.js';
import { applyChartColours, setUpCharts } from './chart-style.js';
import { breakdownPanel } from './charts/breakdown.js';
import { cumulativeErrorPanel } from './charts/cumulative-error.js';
import { errorTypePanel } from './charts/error-types.js';
import { identificationPanel } from './charts/identification.js';
import { landmarkBinsPanel } from './charts/landmark-bins.js';
import { latencyPanel } from './charts/latency.js';
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
import { differencesSection } from './sections/differences.js';
import { gallerySection } from './sections/gallery.js';
import { groupTable } from './sections/groups.js';
import { landmarkTable } from './sections/landmarks.js';
import { overviewSection } from './sections/overview.js';
import { parityTable } from './sections/parity.js';
import { provenanceSection } from './sections/provenance.js';
import { identificationTable, tarTable } from './sections/verification-tables.js';
import { createSelection, type Selection } from './selection.js';
import { severalConditions } from './several-conditions.js';
import { onThemeChange, themeSwitch } from './theme.js';

interface Section {
  readonly id: string;
  readonly title: string;
  /** In the list of sections at the top; absent: not listed. */
  readonly short?: string;
  readonly content: readonly HTMLElement[];
}

start();

function start(): void {
  const data = JSON.parse(document.getElementById('page-data')?.textContent ?? '') as PageData;
  const theme = themeSwitch();
  setUpCharts();
  onThemeChange(applyChartColours);
  const selection = createSelection(data);
  const sections = sectionsOf(selection).filter(({ content }) => content.length > 0);
  document
    .getElementById('page')
    ?.replaceWith(
      element('a', { class: 'skip', href: '#main' }, 'Skip to the results'),
      header(data, theme),
      element(
        'nav',
        { 'aria-label': 'Sections' },
        ...sections.flatMap(({ id, short }) => (short === undefined ? [] : [element('a', { href: `#${id}` }, short)])),
      ),
      element('main', { id: 'main', tabindex: -1 }, ...notices(data), ...sections.map(sectionElement)),
      element('footer', {}, 'Made with ', element('code', {}, data.command), ` on ${data.createdAt}.`),
    );
}

function sectionsOf(selection: Selection): Section[] {
  const { data } = selection;
  const present = (...panels: (HTMLElement | undefined)[]): HTMLElement[] =>
    panels.filter((panel): panel is HTMLElement => panel !== undefined);
  const grid = (...panels: (HTMLElement | undefined)[]): HTMLElement[] => {
    const found = present(...panels);
    return found.length === 0 ? [] : [element('div', { class: 'grid' }, ...found)];
  };
  const accuracy = [
    ...present(matrixPanel(selection)),
    ...present(speedAccuracyPanel(selection)),
    ...grid(...curveNames(data).map((split) => precisionRecallPanel(selection, split)), missRatePanel(selection)),
    ...present(breakdownPanel(selection)),
    ...grid(errorTypePanel(selection), reliabilityPanel(selection)),
  ];

  return [
    { id: 'records', title: 'Records', short: 'Records', content: overviewSection(data) },
    { id: 'differences', title: 'Against the baseline', short: 'Baseline', content: differencesSection(data) },
    { id: 'charts', title: 'Shown in the charts', content: data.records.length > 1 ? [selection.control] : [] },
    { id: 'accuracy', title: 'Accuracy', short: 'Accuracy', content: accuracy },
    { id: 'latency', title: 'Latency', short: 'Latency', content: present(latencyPanel(selection)) },
    { id: 'parity', title: 'Parity of backends', short: 'Parity', content: parityTable(data) },
    {
      id: 'verification',
      title: 'Verification and identification',
      short: 'Verification',
      content: [
        ...grid(
          rocPanel(selection),
          detPanel(selection),
          scoreHistogramPanel(selection),
          identificationPanel(selection),
        ),
        ...tarTable(data),
        ...identificationTable(data),
        ...groupTable(data),
      ],
    },
    {
      id: 'landmarks',
      title: 'Landmarks',
      short: 'Landmarks',
      content: [...grid(cumulativeErrorPanel(selection), landmarkBinsPanel(selection)), ...landmarkTable(data)],
    },
    { id: 'loss', title: 'Loss', short: 'Loss', content: grid(lossPanel(selection), positivesPanel(selection)) },
    { id: 'trend', title: 'Trend', short: 'Trend', content: present(trendPanel(selection)) },
    { id: 'failures', title: 'Failures', short: 'Failures', content: gallerySection(data) },
    { id: 'provenance', title: 'Protocols, machines, commands', short: 'Provenance', content: provenanceSection(data) },
  ];
}

/** The splits that have curves, in the order of the first record that has each. */
function curveNames({ records }: PageData): string[] {
  return [...new Set(records.flatMap(({ curves }) => Object.keys(curves ?? {})))];
}

function sectionElement({ id, title, content }: Section): HTMLElement {
  const heading = element('h2', { id: `${id}-title` }, title);
  return element('section', { id, 'aria-labelledby': `${id}-title` }, heading, ...content);
}

function header(data: PageData, theme: HTMLElement): HTMLElement {
  const print = element('button', { type: 'button', class: 'quiet' }, 'Print');
  print.addEventListener('click', () => window.print());
  const count = data.records.length;
  return element(
    'header',
    {},
    element(
      'div',
      {},
      element('h1', {}, data.title),
      element(
        'p',
        { class: 'meta' },
        `${count} record${count === 1 ? '' : 's'} · ${data.createdAt.slice(0, 16).replace('T', ' ')} UTC`,
      ),
    ),
    element('div', { class: 'controls' }, print, theme),
  );
}

/** Up to so many warnings are shown unfolded. */
const fewWarnings = 3;

function notices(data: PageData): HTMLElement[] {
  const lines: string[] = [];
  const conditions = severalConditions(data.records.filter(({ ap }) => ap !== undefined));
  if (conditions !== undefined) {
    lines.push(
      `The APs on this page come from ${conditions}. Numbers of different protocols or data sets do not measure the same thing: they are drawn together and never compared.`,
    );
  }
  const made: HTMLElement[] = lines.map((line) => element('p', { class: 'notice' }, line));
  const warnings = data.records.flatMap((record) =>
    (record.warnings ?? []).map((warning) => `${record.key} ${record.label}: ${warning}`),
  );
  if (warnings.length > 0) {
    const summary = element(
      'summary',
      {},
      `${warnings.length} warning${warnings.length === 1 ? '' : 's'} on these records`,
    );
    const list = element('ul', {}, ...warnings.map((warning) => element('li', {}, warning)));
    made.push(element('details', { class: 'notice', open: warnings.length <= fewWarnings }, summary, list));
  }
  return made;
}
