import { type BenchResult, benchStages } from '@retinabench/backends';
import { renderTable } from '../terminal/table.js';

/** The results as a table: one row a configuration, medians by stage, spread of the total. */
export function benchTable(results: readonly BenchResult[]): string {
  const numeric = (heading: string) => ({ heading, numeric: true });
  const columns = [
    { heading: 'model' },
    { heading: 'backend' },
    { heading: 'size' },
    numeric('threads'),
    ...benchStages.map((stage) => numeric(stage)),
    numeric('p10'),
    numeric('p95'),
    numeric('MAD'),
    numeric('n'),
    numeric('load'),
    numeric('first run'),
    numeric('faces'),
    numeric('peak MB'),
  ];
  const rows = results.map((result) => {
    const { model, backend, size, threads } = result.init;
    const head = [model.card.id, backend, size.name, String(threads)];
    if ('failure' in result) return [...head, ...columns.slice(head.length).map(() => '-')];
    const { latencyMs, onceMs } = result;
    return [
      ...head,
      ...benchStages.map((stage) => milliseconds(latencyMs[stage].median)),
      milliseconds(latencyMs.total.p10 ?? latencyMs.total.median),
      milliseconds(latencyMs.total.p95),
      milliseconds(latencyMs.total.mad),
      String(latencyMs.total.n),
      milliseconds(onceMs.load),
      milliseconds(onceMs.firstRun),
      String(result.faces),
      memory(result),
    ];
  });
  return `${renderTable(columns, rows)}\nmilliseconds; stages are medians`;
}

/** Of the process, or of the browser's page. */
function memory({ memoryPeakBytes, pageMemoryBytes }: Exclude<BenchResult, { failure: string }>): string {
  if (pageMemoryBytes !== undefined) return `${(pageMemoryBytes / 2 ** 20).toFixed(0)} (page)`;
  return memoryPeakBytes === undefined ? '-' : (memoryPeakBytes / 2 ** 20).toFixed(0);
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 1);
}
