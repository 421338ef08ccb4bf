import { formatCount } from '@retinabench/results';
import type { AccuracyCell, LatencyCell, ParityCell, Standing } from '../../decision/decision-table.js';
import type { NeededUnits } from '../../difference/needed-to-tell.js';
import { isShare } from '../../format/is-share.js';
import { formatMs, formatPointInterval, significant } from '../../format/number.js';
import { familyOf } from '../../gate/family-of.js';
import { type HtmlChild, type HtmlNode, html } from '../../html/node.js';

/** A number of accuracy with its interval and its difference to the baseline. */
export function accuracyCell(key: string, cell: AccuracyCell): HtmlNode {
  const format = familyOf(key)?.family.format ?? String;
  return html(
    'span',
    { class: 'cell' },
    ...standing(cell.standing),
    format(cell.value),
    ...(isShare(key) ? bounds(cell.interval) : []),
    ...(cell.caveat === undefined ? [] : [html('small', {}, cell.caveat)]),
    ...differenceOf(key, cell),
    ...wouldTell(cell.needed),
  );
}

function differenceOf(key: string, { difference }: AccuracyCell): HtmlNode[] {
  if (difference === undefined) return [];
  const { value, interval, mark } = difference;
  const name = mark.replaceAll(' ', '-');
  if (mark === 'not comparable') return [html('small', { class: `change ${name}` }, 'another protocol')];
  if (mark === 'same') return [html('small', { class: `change ${name}` }, 'as the baseline')];
  if (!isShare(key))
    return [html('small', { class: `change ${name}` }, `${value > 0 ? '+' : '−'}${significant(Math.abs(value))}`)];
  const text =
    interval === undefined
      ? formatPointInterval(value, [value, value]).split(' ')[0]
      : formatPointInterval(value, interval);
  return [html('small', { class: `change ${name}`, title: mark }, text)];
}

/** A time with its interval and, beside a baseline, how many times its time that is. */
export function timeCell(cell: LatencyCell, isBaseline: boolean): HtmlNode {
  const { medianMs, interval, ratio } = cell;
  const ratioText = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(1));
  const isCertain = ratio !== undefined && (ratio.interval[0] > 1 || ratio.interval[1] < 1);
  const mark = !isCertain ? 'not-told-apart' : ratio.value < 1 ? 'better' : 'worse';
  return html(
    'span',
    { class: 'cell' },
    ...standing(cell.standing),
    formatMs(medianMs),
    html('small', {}, interval.map(significant).join(' – ')),
    ...(ratio === undefined || isBaseline
      ? []
      : [
          html(
            'small',
            { class: `change ${mark}`, title: 'times as long as the baseline takes' },
            `× ${ratioText(ratio.value)} [${ratio.interval.map(ratioText).join(', ')}]`,
          ),
        ]),
    ...wouldTell(cell.needed),
  );
}

/** Whether a backend agrees with the reference. */
export function parityCell({ verdict, detail }: ParityCell): HtmlNode {
  const mark = { reference: 'same', 'within tolerance': 'same', 'past tolerance': 'worse', failed: 'worse' }[verdict];
  return html(
    'span',
    {},
    html('span', { class: `mark ${mark}` }, verdict),
    ...(detail === undefined ? [] : [html('small', {}, detail)]),
  );
}

/** An interval of a share in points, small. */
export function bounds(interval: readonly [number, number] | undefined): HtmlNode[] {
  if (interval === undefined) return [];
  return [html('small', {}, interval.map((bound) => (bound * 100).toFixed(2)).join(' – '))];
}

function standing(of: Standing | undefined): HtmlChild[] {
  if (of === undefined) return [];
  const text = { best: 'best', same: '= best', alike: '≈ best' }[of];
  return [html('span', { class: `tag ${of}` }, text), ' '];
}

function wouldTell(needed: NeededUnits | undefined): HtmlNode[] {
  if (needed === undefined) return [];
  return [html('small', { class: 'needed' }, `${formatCount(needed.count)} ${needed.unit} tell`)];
}
