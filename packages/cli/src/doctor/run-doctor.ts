import { formatBytes } from '@retinabench/datasets';
import type { KnownModel } from '@retinabench/models/node';
import { exitCodes } from '../exit.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';
import { browserTable } from './browser-table.js';
import { type BackendFinding, type Findings, gatherFindings } from './findings.js';
import { remedies } from './remedies.js';

/** The action of `retinabench doctor`. */
export async function runDoctor(flags: OutputFlags): Promise<void> {
  const output = outputOf(flags);
  const findings = await gatherFindings();
  const canRun = findings.cache.writable && findings.backends.some(({ availability }) => availability.available);
  process.exitCode = canRun ? exitCodes.pass : exitCodes.environment;
  printResult(output, describe(findings));
  printJson(output, findings);
}

function describe(findings: Findings): string {
  const { machine, cache, backends, devices, browsers, datasets, defaultDataset, models } = findings;
  const { node, cpu, cores, memoryBytes, os } = machine;
  const state = [
    cache.writable ? 'writable' : 'NOT writable: set RETINABENCH_CACHE to a folder that you may write to',
    ...(cache.freeBytes === undefined ? [] : [`${formatBytes(cache.freeBytes)} free`]),
  ];
  return [
    `machine   ${cpu}, ${cores} cores, ${formatBytes(memoryBytes)} memory, ${os}, Node ${node}`,
    `cache     ${cache.folder} (${state.join(', ')})`,
    `data      without --data: ${defaultDataset}${defaultDataset === 'mini' ? ' (embedded, not WIDER FACE)' : ''}`,
    '',
    backendTable('backend', backends),
    '',
    backendTable('--device', devices),
    '',
    browserTable(browsers),
    '',
    renderTable(
      [{ heading: 'data set' }, { heading: 'state' }, { heading: 'how to get it' }],
      datasets.map(({ name, state: here, root }) => {
        const isHere = here === 'here' || here === 'embedded';
        const get = `retinabench datasets pull ${name}${here === 'pull' ? ' --accept-licence' : ''}`;
        return [
          name,
          isHere ? (root ?? 'embedded, built on first use') : here === 'gated' ? 'on application' : 'not here',
          isHere ? '' : get,
        ];
      }),
    ),
    '',
    renderTable(
      [{ heading: 'model' }, { heading: 'state' }, { heading: 'how to get it' }],
      models.map((model) => [model.id, model.state, howToGet(model)]),
    ),
  ].join('\n');
}

function backendTable(heading: string, findings: readonly BackendFinding[]): string {
  return [
    renderTable(
      [{ heading }, { heading: 'state' }],
      findings.map(({ id, availability, version = '' }) => [
        id,
        !availability.available ? 'not available' : isNarrow(version) ? `available, ${version}` : 'available',
      ]),
    ),
    ...findings.flatMap(({ id, version = '' }) => (isNarrow(version) ? [] : [` ${id}: ${version}`])),
    ...remedies(
      findings.flatMap(({ id, availability }) =>
        availability.available ? [] : [{ name: id, reason: availability.reason, remedy: availability.remedy }],
      ),
    ),
  ].join('\n');
}

/** Whether a version fits into a row of its table; a long one (a driver and what its times are worth) stands below. */
function isNarrow(version: string): boolean {
  return version.length <= 40;
}

function howToGet({ id, state }: KnownModel): string {
  return state === 'absent' ? `retinabench models pull ${id} --accept-licence` : '';
}
