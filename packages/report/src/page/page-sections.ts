import { type HtmlNode, html } from '../html/node.js';
import type { PageData } from './page-data.js';
import { decisionSection } from './sections/decision.js';
import { differencesSection } from './sections/differences.js';
import { groupTable } from './sections/groups.js';
import { landmarkTable } from './sections/landmarks.js';
import { parityTable } from './sections/parity.js';
import { provenanceSection } from './sections/provenance.js';
import { numbersTable, recordTable } from './sections/records.js';
import { identificationTable, tarTable } from './sections/verification-tables.js';

/** A section of the page. */
export interface PageSection {
  readonly id: SectionId;
  readonly title: string;
  /** In the list of sections at the top. */
  readonly short: string;
  /** Tables, in the page as it is written; what a script draws goes before them. Empty: only what a script draws. */
  readonly content: readonly HtmlNode[];
}

/** What links and the page's script call a section. */
export type SectionId =
  | 'decision'
  | 'records'
  | 'differences'
  | 'charts'
  | 'accuracy'
  | 'latency'
  | 'parity'
  | 'verification'
  | 'landmarks'
  | 'loss'
  | 'trend'
  | 'failures'
  | 'provenance';

/**
 * The sections in the order in which they are read: what to decide by first, where it comes from last. Where nothing can be
 * decided (no detectors side by side), the records come first.
 */
export function pageSections(data: PageData): PageSection[] {
  const records: PageSection = {
    id: 'records',
    title: 'Records',
    short: 'Records',
    content: [recordTable(data), ...numbersTable(data)],
  };
  const decides = data.decisions.length > 0;
  return [
    { id: 'decision', title: 'Which model, on which backend', short: 'Decide', content: decisionSection(data) },
    ...(decides ? [] : [records]),
    { id: 'differences', title: 'Against the baseline', short: 'Baseline', content: differencesSection(data) },
    { id: 'charts', title: 'Shown in the charts', short: 'Charts', content: [] },
    { id: 'accuracy', title: 'Accuracy', short: 'Accuracy', content: [] },
    { id: 'latency', title: 'Latency', short: 'Latency', content: [] },
    { id: 'parity', title: 'Parity of backends', short: 'Parity', content: parityTable(data) },
    {
      id: 'verification',
      title: 'Verification and identification',
      short: 'Verification',
      content: [...tarTable(data), ...identificationTable(data), ...groupTable(data)],
    },
    { id: 'landmarks', title: 'Landmarks', short: 'Landmarks', content: landmarkTable(data) },
    { id: 'loss', title: 'Loss', short: 'Loss', content: [] },
    { id: 'trend', title: 'Trend', short: 'Trend', content: [] },
    { id: 'failures', title: 'Failures', short: 'Failures', content: [] },
    ...(decides ? [records] : []),
    { id: 'provenance', title: 'Protocols, machines, commands', short: 'Provenance', content: provenanceSection(data) },
  ];
}

/** A section as an element; hidden where it waits for a script. */
export function sectionNode({ id, title, content }: PageSection): HtmlNode {
  return html(
    'section',
    { id, 'aria-labelledby': `${id}-title`, hidden: content.length === 0 },
    html('h2', { id: `${id}-title` }, title),
    html('div', { class: 'drawn' }),
    ...content,
  );
}
