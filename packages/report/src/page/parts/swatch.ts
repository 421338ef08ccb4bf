import { type HtmlNode, html } from '../../html/node.js';
import type { PageData, PageRecord } from '../page-data.js';
import { markShapes, seriesPlaces } from './series-places.js';

/** The marks in a square of 12. */
const paths: Readonly<Record<(typeof markShapes)[number], string>> = {
  circle: 'M6 1a5 5 0 1 1 0 10a5 5 0 1 1 0-10z',
  rect: 'M1.5 1.5h9v9h-9z',
  triangle: 'M6 1l5.5 10h-11z',
  rectRot: 'M6 .5l5.5 5.5l-5.5 5.5l-5.5-5.5z',
  star: 'M5 0h2v4l3-2.5l1.3 1.5l-3.6 3l3.6 3l-1.3 1.5l-3-2.5v4h-2v-4l-3 2.5l-1.3-1.5l3.6-3l-3.6-3l1.3-1.5l3 2.5z',
  cross: 'M4.5 .5h3v4h4v3h-4v4h-3v-4h-4v-3h4z',
};

/** The mark of a record in the charts: the colour of its model, the shape of its backend. */
export function swatch(data: Pick<PageData, 'records'>, record: PageRecord): HtmlNode {
  const { colour, shape } = seriesPlaces(data.records).get(record.key) ?? { colour: 0, shape: 0 };
  return html(
    'svg',
    { class: `swatch series-${colour + 1}`, width: 12, height: 12, viewBox: '0 0 12 12', 'aria-hidden': 'true' },
    html('path', { d: paths[markShapes[shape]] }),
  );
}
