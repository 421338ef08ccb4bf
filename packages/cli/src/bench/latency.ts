import {
  type BackendId,
  type BenchInit,
  type BenchResult,
  browserEnvironments,
  runBench as runBenchTurns,
  runtimeVersions,
} from '@retinabench/backends';
import type { LoadedModel } from '@retinabench/models/node';
import type { ResultRecord } from '@retinabench/results';
import { formatRunProvenance } from '../record/provenance.js';
import { recordFile } from '../record/record-file.js';
import { writeRecord } from '../record/write.js';
import { type Output, printNote, printResult } from '../terminal/output.js';
import { benchRecord } from './bench-record.js';
import { loadOfOthers, loadWarnings } from './load-warnings.js';
import { ratioTable } from './ratio-table.js';
import { rankConfigurations } from './ratios.js';
import { benchTable } from './table.js';
import { noteUnmeasured, type TurnsJob, takeTurns } from './take-turns.js';

/** What a bench of one image at a time runs. */
export type LatencyJob = TurnsJob<Omit<BenchInit, 'model'> & { readonly model: LoadedModel }>;

type Ranked = ReturnType<typeof rankConfigurations>;

/** Time detectors in interleaved rounds; print a table with ratios to the first of a size, write records. One that fails does not stop the others. */
export async function benchLatency(output: Output, job: LatencyJob): Promise<void> {
  const { configurations } = job;
  const results = await takeTurns(output, job, (options) => runBenchTurns({ ...options, configurations }));
  printResult(output, benchTable(results));
  const ranked = rankConfigurations(results);
  const ratios = ratioTable(results, ranked);
  if (ratios !== undefined) printResult(output, ratios);
  const load = results.flatMap((result) => ('failure' in result ? [] : (loadOfOthers(result) ?? [])));
  for (const warning of loadWarnings(load[0])) printNote(`warning: ${warning}`);
  const records = await writeRecords(output, job, results, ranked);
  if (records.length > 0) printResult(output, formatRunProvenance(records));
}

async function writeRecords(
  output: Output,
  { configurations, rounds, roundMs, pin, image, benchRun, outDir, warnings }: LatencyJob,
  results: readonly BenchResult[],
  ranked: Ranked,
): Promise<ResultRecord[]> {
  const records: ResultRecord[] = [];
  for (const [index, result] of results.entries()) {
    if ('failure' in result) {
      noteUnmeasured(nameOf(result), result);
      continue;
    }
    const browsers = await browserEnvironments([result.init.backend]);
    const runtimes = await runtimeVersions(result.init.backend as BackendId);
    const ratioToFirst = ranked.flat().find((configuration) => configuration.index === index)?.ratioToFirst;
    const content = benchRecord(result, configurations[index].model, {
      ...(pin === undefined ? {} : { pin }),
      image,
      benchRun,
      browsers,
      runtimes,
      machine: warnings,
      ...(ratioToFirst === undefined ? {} : { ratioToFirst }),
    });
    const file = recordFile(outDir, nameOf(result), content, { rounds, roundMs, pin });
    records.push(await writeRecord(output, file, content));
  }
  return records;
}

function nameOf({ init }: BenchResult): string {
  return `${init.model.card.id}-${init.backend}-${init.size.name}-t${init.threads}`;
}
