import { DatasetError, ProtocolError } from '@retinabench/core';
import {
  type Allowance,
  allowances,
  defaultGateConfig,
  describeRecord,
  evaluateGate,
  type GateConfig,
  type GateReport,
  interleavedRules,
  isInterleaved,
  pairedApDifferences,
  parseGateConfig,
  reportGate,
} from '@retinabench/report';
import type { ResultRecord } from '@retinabench/results';
import type { Command } from 'commander';
import { acceptBaseline } from '../baseline/accept-baseline.js';
import { readRecord } from '../record/read.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import { LateProgress } from '../terminal/late-progress.js';
import { type Output, printNote } from '../terminal/output.js';
import { requireWritable } from '../terminal/output-file.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { hasBaseline, refuseAcceptedBefore } from './first-baseline.js';
import { compareInterleaved } from './latency/interleave.js';
import { chooseSides, type SideFlags, wantsLatency } from './latency/sides.js';
import { junitOutput, markdownOutput, publishFailure, publishGate } from './publish.js';

interface GateFlags extends OutputFlags, SideFlags {
  readonly baseline?: string;
  readonly record?: string;
  readonly config?: string;
  readonly allow?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly pictures?: string;
  readonly pred?: string;
  readonly data?: string;
  readonly gt?: string;
  readonly images?: string;
  readonly missingBaseline: 'refuse' | 'accept';
  readonly history: string;
  readonly maxPairs: number;
  readonly resamples?: number;
  readonly seed: number;
}

/** The action of `retinabench gate`. */
export async function runGate(flags: GateFlags, command: Command): Promise<void> {
  const output = outputOf(flags);
  if (flags.junit !== undefined) await requireWritable(flags.junit, junitOutput);
  if (flags.markdown !== undefined) await requireWritable(flags.markdown, markdownOutput);
  let judged: Judged;
  try {
    judged = await judge(output, flags);
  } catch (error) {
    await publishFailure(error, flags);
    throw error;
  }
  const { report, compared } = judged;
  process.exitCode = report.exitCode;
  await publishGate(output, report, flags);
  if (compared !== undefined) await drawPictures(flags, compared, command.opts<Record<string, unknown>>());
}

/** Two records that were compared. */
interface Compared {
  readonly baseline: ResultRecord;
  readonly record: ResultRecord;
}

/** A verdict, and the records that it is of; absent where speed alone was judged, or there was no baseline. */
interface Judged {
  readonly report: GateReport;
  readonly compared?: Compared;
}

async function judge(output: Output, flags: GateFlags): Promise<Judged> {
  const interleaved = wantsLatency(flags);
  const recordsGiven = flags.baseline !== undefined || flags.record !== undefined;
  if (!interleaved && !recordsGiven) {
    throw new ProtocolError(
      'gate needs --baseline FILE and --record FILE, or --latency BASE; gate --help has examples',
    );
  }
  const config = await readConfig(flags);
  if (flags.pictures !== undefined && !recordsGiven) {
    throw new ProtocolError(
      '--pictures draws the detections of a record: add --baseline FILE and --record FILE, and with them --pred PATH and --data DIR',
    );
  }
  // First, since a record whose speed fails is no first baseline.
  const speed = interleaved ? [await judgeInterleaved(output, flags, config)] : [];
  const mayAccept = speed.every(({ exitCode }) => exitCode === 0);
  const rules = interleaved ? withoutLatency(config) : config;
  const records = recordsGiven ? await judgeRecords(output, flags, rules, mayAccept) : undefined;
  const reports = [...(records === undefined ? [] : [records.report]), ...speed];
  const firstBaseline = reports.find((report) => report.firstBaseline !== undefined)?.firstBaseline;
  const report: GateReport = {
    ...reportGate(
      reports.flatMap(({ results }) => results),
      config,
      reports.map(({ baseline }) => baseline).join('; '),
      reports.map(({ record }) => record).join('; '),
    ),
    ...(firstBaseline === undefined ? {} : { firstBaseline }),
  };
  // Exit 0 and no `pass`: a machine that reads the verdict must not take a first run for one.
  const isFirstPass = firstBaseline !== undefined && report.verdict === 'pass';
  return { ...records, report: isFirstPass ? { ...report, verdict: 'warn' } : report };
}

/** The verdict is decided: pictures that cannot be drawn are an error of their own, behind it. */
async function drawPictures(
  { pictures, pred, data, gt, images, record: place }: GateFlags,
  compared: Compared,
  given: Readonly<Record<string, unknown>>,
): Promise<void> {
  if (pictures === undefined) return;
  const { drawWorse } = await import('./worse-pictures.js');
  const files = await drawWorse({
    ...compared,
    place: place ?? '',
    ...(pred === undefined ? {} : { predictions: pred }),
    ...(data === undefined ? {} : { data }),
    ...(gt === undefined ? {} : { gt }),
    ...(images === undefined ? {} : { images }),
    given,
    folder: pictures,
  });
  printNote(files.length === 0 ? 'pictures: no image lost more than in the baseline' : `pictures: ${files.join(', ')}`);
}

async function judgeRecords(output: Output, flags: GateFlags, config: GateConfig, mayAccept: boolean): Promise<Judged> {
  if (flags.baseline === undefined || flags.record === undefined) {
    throw new ProtocolError(
      'gate needs both --baseline FILE and --record FILE; accept a baseline with retinabench baseline',
    );
  }
  if (!(await hasBaseline(flags.baseline))) {
    const first = { record: await readRecord(flags.record), config, mayAccept };
    return { report: await judgeFirst(flags, flags.baseline, first) };
  }
  const [baseline, record] = await Promise.all([readRecord(flags.baseline), readRecord(flags.record)]);
  const progress = new LateProgress(output, 'rules');
  try {
    const onProgress = progress.update.bind(progress);
    const report = evaluateGate(baseline, record, config, pairedApDifferences(flags), onProgress);
    return { report, compared: { baseline, record } };
  } finally {
    progress.stop();
  }
}

/** A record before there is a baseline: held to the bounds alone and, if it is within them, accepted as the first. */
async function judgeFirst(
  { missingBaseline, history, record: place }: GateFlags,
  out: string,
  {
    record,
    config,
    mayAccept,
  }: { readonly record: ResultRecord; readonly config: GateConfig; readonly mayAccept: boolean },
): Promise<GateReport> {
  if (missingBaseline === 'refuse') {
    throw new DatasetError(
      `${out}: expected the accepted record, got no such file; accept this one as the first: retinabench baseline --record ${place} --out ${out} --why 'the first' (or add --missing-baseline accept, for the first run of a workflow)`,
    );
  }
  const bounds = evaluateGate(record, record, config, pairedApDifferences()).results.filter(
    ({ check }) => check === 'min' || check === 'max',
  );
  const report = reportGate(bounds, config, `none yet: ${out} is not there`, describeRecord(record));
  if (report.exitCode !== 0 || !mayAccept) return report;
  await refuseAcceptedBefore(record, history, out);
  const { recordSha256 } = await acceptBaseline({ record, out, history, why: 'the first, accepted by the gate' });
  const baseline = `none before; this record (${recordSha256.slice(0, 12)}) was accepted as the first and written to ${out}`;
  return { ...report, baseline, firstBaseline: out };
}

async function judgeInterleaved(output: Output, flags: GateFlags, config: GateConfig): Promise<GateReport> {
  if (!config.rules.some(isInterleaved)) {
    throw new ProtocolError(
      `${flags.config ?? 'the configuration'}: expected a rule on latency, start, memory or faces found, got none, so that an interleaved run would check nothing; add one, such as "latency.total": ["error", { "maxIncrease": 0.05 }], or leave the latency flag out`,
    );
  }
  const rules = interleavedRules(config);
  return interruptible(
    () => 'a comparison that is cut short has no verdict: run it again',
    async (signal) => {
      const { base, head, remove } = await chooseSides(flags, process.argv[1], signal);
      try {
        const { maxPairs, seed } = flags;
        const results = await compareInterleaved(output, { base, head, rules, maxPairs, seed, signal });
        return reportGate(results, config, base.command, head.command);
      } finally {
        remove();
      }
    },
  );
}

/** What an interleaved run judges is not judged on two records besides. */
function withoutLatency(config: GateConfig): GateConfig {
  return { ...config, rules: config.rules.filter((rule) => !isInterleaved(rule)) };
}

async function readConfig(flags: GateFlags): Promise<GateConfig> {
  const config =
    flags.config === undefined
      ? defaultGateConfig()
      : parseGateConfig(await readTextFile(flags.config, 'a gate configuration'), flags.config);
  return { ...config, allow: [...config.allow, ...parseAllow(flags.allow)] };
}

function parseAllow(list: string | undefined): Allowance[] {
  return (list?.split(',') ?? []).map((item) => {
    const allowance = allowances.find((known) => known === item.trim());
    if (allowance === undefined) throw new ProtocolError(`--allow: expected ${allowances.join(', ')}, got ${item}`);
    return allowance;
  });
}
