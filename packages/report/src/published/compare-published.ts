import { formatCount, type ResultRecord, splits } from '@retinabench/results';
import { formatPointDifference } from '../format/number.js';

/** An AP that somebody published for a model, as its card has it. */
export interface PublishedRow {
  readonly ap: Readonly<Record<'easy' | 'medium' | 'hard', number>>;
  /** In words: `WIDER FACE val, longest side 640`. */
  readonly protocol: string;
  readonly source: string;
}

/** Whether the AP of a record compares with a published one. */
export interface PublishedComparison {
  readonly row: PublishedRow;
  /** In what the record differs from what the words of the row say; empty: it compares. */
  readonly differing: readonly string[];
  /** Both in words, as one sentence. */
  readonly text: string;
}

/** Images of the whole validation set of WIDER FACE. */
const wholeVal = 3226;

/** What the words of a published row fix of a record: how they are recognised, and what the record must have. */
const conditions: readonly {
  readonly words: RegExp;
  readonly name: string;
  readonly expected: (words: RegExpExecArray) => string;
  readonly actual: (record: ResultRecord) => string;
}[] = [
  {
    words: /^WIDER FACE val\b/,
    name: 'images',
    expected: () => formatCount(wholeVal),
    actual: ({ dataset }) => formatCount(dataset?.images ?? 0),
  },
  {
    words: /^WIDER FACE val\b/,
    name: 'data set',
    expected: () => 'wider-val',
    // An altered copy has the name of its folder. Of a part the number of images says so, and of other data what follows below.
    actual: ({ dataset: { name = '' } = {} }) => (/^wider(?!-val(?:-part)?$)/.test(name) ? name : 'wider-val'),
  },
  {
    words: /\((\d+) images\b/,
    name: 'images',
    expected: ([, images]) => formatCount(Number(images)),
    actual: ({ dataset }) => formatCount(dataset?.images ?? 0),
  },
  {
    // So many others are other images.
    words: /\((\d+) images ([0-9a-f]{12})\)/,
    name: 'annotations',
    expected: ([, , digest]) => digest,
    actual: ({ dataset }) => (dataset?.groundTruthSha256 ?? dataset?.sha256 ?? 'none').slice(0, 12),
  },
  {
    words: /original scale/,
    name: 'scale',
    expected: () => 'original',
    actual: ({ protocol }) => letterboxOf(protocol),
  },
  {
    words: /longest side (\d+)/,
    name: 'scale',
    expected: ([, side]) => `long:${side}`,
    actual: ({ protocol }) => (protocol.scale === 'vga' ? 'long:640' : letterboxOf(protocol)),
  },
  {
    words: /letterboxed to (\d+) x (\d+)/,
    name: 'scale',
    expected: ([, width, height]) => `letterbox:${width}x${height}`,
    actual: ({ protocol }) => letterboxOf(protocol),
  },
  { words: /, ([0-9a-f]{12})$/, name: 'protocol', expected: ([, id]) => id, actual: ({ protocol }) => protocol.id },
  { words: /^/, name: 'rules', expected: () => 'python', actual: ({ protocol }) => String(protocol.rules) },
  {
    words: /^/,
    name: 'corruption',
    expected: () => 'none',
    actual: ({ protocol }) => String(protocol.perturb ?? 'none'),
  },
  {
    words: /^/,
    name: 'score map',
    expected: () => 'none',
    actual: ({ protocol }) => String(protocol.scoreMap ?? 'none'),
  },
];

/**
 * Hold the AP of a WIDER record against the rows that somebody published for its model: whether it was taken as they were,
 * and if not, by which settings it differs. What the words of a row leave open (score floor, suppression, resizing) is not held against
 * the record.
 *
 * @returns one comparison a row; empty if the record has no AP of WIDER FACE.
 */
export function comparePublished(record: ResultRecord, rows: readonly PublishedRow[]): PublishedComparison[] {
  const { ap, kind } = record;
  if (kind !== 'wider' || ap === undefined) return [];
  return rows.map((row) => {
    const differing = conditions.flatMap(({ words, name, expected, actual }) => {
      const found = words.exec(row.protocol);
      if (found === null) return [];
      const [there, here] = [expected(found), actual(record)];
      return there === here ? [] : [`${name} ${here} here, ${there} there`];
    });
    const isOther = record.dataset === undefined || !record.dataset.name.startsWith('wider');
    if (isOther) differing.unshift(`data set ${record.dataset?.name ?? 'none'} here, WIDER FACE there`);
    return { row, differing, text: inWords(record, row, differing) };
  });
}

/** Those that compare; where none does, the one that differs in the fewest settings. */
export function nearestPublished(comparisons: readonly PublishedComparison[]): PublishedComparison[] {
  const fewest = Math.min(...comparisons.map(({ differing }) => differing.length));
  const nearest = comparisons.filter(({ differing }) => differing.length === fewest);
  return fewest === 0 ? nearest : nearest.slice(0, 1);
}

/** A network of fixed input has no scale: the size that images are brought to, and how. */
function letterboxOf(protocol: ResultRecord['protocol']): string {
  if (protocol['input.size.rule'] !== 'fixed') return String(protocol.scale);
  const size = `${protocol['input.size.widthPx']}x${protocol['input.size.heightPx']}`;
  return protocol['input.size.fit'] === 'stretch' ? `stretched to ${size}` : `letterbox:${size}`;
}

function inWords({ ap = {} }: ResultRecord, row: PublishedRow, differing: readonly string[]): string {
  const published = splits.map((split) => (row.ap[split] * 100).toFixed(1)).join(' / ');
  const said = `${published} published (${row.protocol}; ${row.source})`;
  if (differing.length > 0) return `does not compare with ${said}: ${differing.join('; ')}`;
  const changes = splits.map((split) => {
    const value = ap[split];
    return value === undefined ? 'none' : formatPointDifference(value - row.ap[split]);
  });
  return `compares with ${said}: ${changes.join(' / ')} points`;
}
