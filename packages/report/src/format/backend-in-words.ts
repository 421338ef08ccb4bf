import type { ResultRecord } from '@retinabench/results';

/** `ort-node 1.30.0, 2 threads`; without the threads where the record does not state them. */
export function backendInWords({ id, version, threads }: NonNullable<ResultRecord['backend']>): string {
  if (threads === undefined) return `${id} ${version}`;
  return `${id} ${version}, ${threads} thread${threads === 1 ? '' : 's'}`;
}
