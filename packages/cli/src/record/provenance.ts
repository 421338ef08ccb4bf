import type { ResultRecord } from '@retinabench/results';

/** The fields of a record that say where its number comes from. */
interface Provenance extends Pick<ResultRecord, 'environment' | 'backend'> {
  readonly command?: string | undefined;
}

/** On what a number was made, and the command that makes it again: two lines to print below it. */
export function formatProvenance({ environment: { cpu, cores, os, node }, backend, command }: Provenance): string {
  const runtime = backend === undefined ? [] : [`${backend.id} ${backend.version}, ${threads(backend.threads ?? 1)}`];
  const machine = [`${cpu}, ${cores} core${cores === 1 ? '' : 's'}`, os, `Node ${node}`, ...runtime].join('; ');
  return [`made on ${machine}`, ...(command === undefined ? [] : [`again: ${command}`])].join('\n');
}

/** The same of records that one command made: their protocols, each once. */
export function formatRunProvenance(records: readonly ResultRecord[]): string {
  const ids = [...new Set(records.map(({ protocol }) => protocol.id))];
  const [{ environment, command }] = records;
  return `protocol${ids.length === 1 ? '' : 's'} ${ids.join(', ')}\n${formatProvenance({ environment, command })}`;
}

function threads(count: number): string {
  return `${count} thread${count === 1 ? '' : 's'}`;
}
