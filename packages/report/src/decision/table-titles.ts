import type { ResultRecord } from '@retinabench/results';

/** Digits of a digest that are shown. */
const shownDigits = 8;

/**
 * The titles of tables, each by one of its records: data set, images, rules. Tables that would have one title say besides in what
 * they differ: kind, content of the data set, settings of the protocol.
 *
 * @param firsts a record of each table, in their order.
 */
export function tableTitles(firsts: readonly ResultRecord[]): string[] {
  const titles = firsts.map(titleOf);
  return titles.map((title, index) => {
    const alike = firsts.filter((_, other) => titles[other] === title);
    return alike.length < 2 ? title : [title, ...detailsOf(firsts[index], alike)].join(', ');
  });
}

function titleOf({ kind, dataset, protocol }: ResultRecord): string {
  if (dataset === undefined) return kind === 'latency' ? 'Times alone' : kind;
  const split = dataset.split === undefined || dataset.name.includes(dataset.split) ? '' : ` ${dataset.split}`;
  const rules = typeof protocol.rules === 'string' ? `, rules ${protocol.rules}` : '';
  return `${dataset.name}${split}, ${dataset.images.toLocaleString('en')} images${rules}`;
}

function detailsOf(record: ResultRecord, others: readonly ResultRecord[]): string[] {
  const settings = [...new Set(others.flatMap(({ protocol }) => Object.keys(protocol)))].filter(
    (name) => name !== 'id',
  );
  const facets: ((of: ResultRecord) => string)[] = [
    ({ kind }) => kind,
    ({ dataset }) => `data ${dataset?.sha256.slice(0, shownDigits)}`,
    ...settings.sort().map(
      (name) =>
        ({ protocol }: ResultRecord) =>
          `${name} ${String(protocol[name] ?? 'absent')}`,
    ),
  ];
  return facets
    .filter((facet) => new Set(others.map(facet)).size > 1)
    .map((facet) => facet(record))
    .slice(0, mostDetails);
}

/** So many say enough; the provenance of the records has all. */
const mostDetails = 3;
