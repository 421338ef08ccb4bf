/**
 * What is said of annotations and predictions that are written otherwise than they are read: made-up data sets of 5 to 500
 * images, portraits, crowds, small faces, crops, each with every mistake of `misread/mistakes.ts`. Prints a Markdown table of
 * outcomes by mistake.
 *
 *     npx nx run cli:bench-misread
 *
 * `SEEDS` (1-140) are the data sets; `SHOW=right,silence` lists cases of these outcomes, `MISTAKE=corners` takes those mistakes alone.
 */
import { dataSet } from './misread/data-sets.js';
import { judge, type Outcome } from './misread/judge.js';
import { mistakes } from './misread/mistakes.js';

const [from, to] = (process.env.SEEDS ?? '1-140').split('-').map(Number);
const show = (process.env.SHOW ?? '').split(',');
const outcomes: readonly Outcome[] = [
  'right',
  'no wrong number',
  'warned',
  'refused alone',
  'wrong refusal',
  'wrong fix',
  'silence',
];
const tried = mistakes.filter(({ name }) => name.includes(process.env.MISTAKE ?? ''));
const counts = tried.map(() => new Map<Outcome, number>());

for (let seed = from; seed <= to; seed++) {
  const set = dataSet(seed);
  tried.forEach((mistake, row) => {
    const { outcome, said, apGiven, apMeant, apFixed } = judge(set, mistake);
    counts[row].set(outcome, (counts[row].get(outcome) ?? 0) + 1);
    if (!show.includes(outcome)) return;
    const aps = [apGiven, apMeant, ...(apFixed === undefined ? [] : [apFixed])].map((ap) => ap.toFixed(3)).join(' ');
    console.error(
      `${outcome} | ${mistake.name} | seed ${seed}, ${set.kind}, ${set.faces.length} images, sizes ${set.sizesKnown ? 'known' : 'unknown'} | ${aps} | ${said.join(' + ')}`,
    );
  });
}

console.log(
  `| ${to - from + 1} data sets, seeds ${from} to ${to} | ${outcomes.join(' | ')} |\n|---|${outcomes.map(() => '---|').join('')}`,
);
tried.forEach(({ name }, row) => {
  console.log(`| ${name} | ${outcomes.map((outcome) => counts[row].get(outcome) ?? 0).join(' | ')} |`);
});
