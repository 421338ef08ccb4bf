import { existsSync } from 'node:fs';
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
import { type ResultRecord, slowdownLooks } from '@retinabench/results';
import { type Command, Option } from 'commander';
import { acceptBaseline } from '../baseline/accept-baseline.js';
import { readRecord } from '../record/read.js';
import { addOutputFlags, type OutputFlags, outputOf, wholeNumber } from '../terminal/flags.js';
import { interruptible } from '../terminal/interrupt.js';
import type { Output } from '../terminal/output.js';
import { requireWritable } from '../terminal/output-file.js';
import { readTextFile } from '../terminal/read-text-file.js';
import { refuseRepeatedFlags } from '../terminal/refuse-repeated-flags.js';
import { compareInterleaved } from './latency/interleave.js';
import { chooseSides, type SideFlags, wantsLatency } from './latency/sides.js';
import { junitOutput, markdownOutput, publishGate } from './publish.js';

interface GateFlags extends OutputFlags, SideFlags {
  readonly baseline?: string;
  readonly record?: string;
  readonly config?: string;
  readonly allow?: string;
  readonly junit?: string;
  readonly markdown?: string;
  readonly missingBaseline: 'refuse' | 'accept';
  readonly history: string;
  readonly maxPairs: number;
  readonly seed: number;
}

/** Register `retinabench gate`. */
export function registerGate(program: Command): void {
  const command = program
    .command('gate')
    .option('--baseline <file>', 'the accepted record')
    .option('--record <file>', 'the record to judge')
    .option('--config <file>', 'rules, such as { "ap.hard": ["error", { "maxDrop": 0.002 }] }')
    .option('--allow <list>', `differences that may pass as not comparable: ${allowances.join(',')}`)
    .option('--junit <file>', 'also write JUnit XML')
    .option('--markdown <file>', 'also write Markdown, for a comment on a pull request')
    .addOption(
      new Option(
        '--missing-baseline <how>',
        'refuse: a baseline that is not there is an error; accept: this record becomes the first one: bounds are judged, differences are not, and the output says so',
      )
        .choices(['refuse', 'accept'])
        .default('refuse'),
    )
    .option('--history <file>', 'where an accepted first baseline is written down', 'baselines/history.jsonl')
    .option(
      '--latency <base>',
      'judge latency against a git revision, interleaved: of --model, a file of your repository, or of what --run measures; in a checkout of RetinaBench, of its own build, also against a folder with a built one',
    )
    .option('--model <file>', 'with --latency: the .onnx of your repository whose base is taken from the revision')
    .option('--run <command>', 'with --latency: what prints times as JSON, run in the work tree of the base and here')
    .option('--build <command>', 'with --run: what builds the work tree of the base; here it is taken as built')
    .option('--latency-command <head>', 'judge the times that this command prints as JSON, with --against')
    .option('--against <base>', 'the command whose times are the base')
    .option('--latency-models <base,head>', 'judge the latency of two models, interleaved')
    .option('--latency-backends <base,head>', 'judge the latency of two backends, interleaved')
    .option('--bench-args <args>', 'what each process of retinabench bench is given', '--rounds 1 --round-ms 400')
    .option(
      '--max-pairs <n>',
      `pairs of processes at most, from ${slowdownLooks[0]}`,
      wholeNumber(slowdownLooks[0]),
      135,
    )
    .option('--seed <n>', 'seed of the order of base and head within a pair', wholeNumber(0), 1);
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Exit codes: 0 pass, warn or inconclusive; 1 regression; 2 invalid input or not comparable; 3 environment.

Examples:
  retinabench gate --baseline baselines/wider.json --record results/wider/hard.json --config gates.json
  retinabench gate --latency origin/main --model models/detector.onnx          # base from the history
  retinabench gate --latency origin/main --run 'node bench.js' --build 'npm ci && npm run build'
  retinabench gate --latency-command 'node head.js' --against 'node base.js'   # each prints [12.1, 11.9, ...], ms`,
    )
    .action(runGate);
  refuseRepeatedFlags(command);
}

async function runGate(flags: GateFlags): Promise<void> {
  const output = outputOf(flags);
  const interleaved = wantsLatency(flags);
  const recordsGiven = flags.baseline !== undefined || flags.record !== undefined;
  if (!interleaved && !recordsGiven) {
    throw new ProtocolError(
      'gate needs --baseline FILE and --record FILE, or --latency BASE; gate --help has examples',
    );
  }
  const config = await readConfig(flags);
  if (flags.junit !== undefined) await requireWritable(flags.junit, junitOutput);
  if (flags.markdown !== undefined) await requireWritable(flags.markdown, markdownOutput);
  const reports = [
    ...(recordsGiven ? [await judgeRecords(flags, interleaved ? withoutLatency(config) : config)] : []),
    ...(interleaved ? [await judgeInterleaved(output, flags, config)] : []),
  ];
  const firstBaseline = reports.find((report) => report.firstBaseline !== undefined)?.firstBaseline;
  let report: GateReport = {
    ...reportGate(
      reports.flatMap(({ results }) => results),
      config,
      reports.map(({ baseline }) => baseline).join('; '),
      reports.map(({ record }) => record).join('; '),
    ),
    ...(firstBaseline === undefined ? {} : { firstBaseline }),
  };
  // Exit 0 and no `pass`: a machine that reads the verdict must not take a first run for one.
  if (firstBaseline !== undefined && report.verdict === 'pass') report = { ...report, verdict: 'warn' };
  process.exitCode = report.exitCode;
  await publishGate(output, report, flags);
}

async function judgeRecords(flags: GateFlags, config: GateConfig): Promise<GateReport> {
  if (flags.baseline === undefined || flags.record === undefined) {
    throw new ProtocolError(
      'gate needs both --baseline FILE and --record FILE; accept a baseline with retinabench baseline',
    );
  }
  if (!existsSync(flags.baseline)) return judgeFirst(flags, flags.baseline, await readRecord(flags.record), config);
  const [baseline, record] = await Promise.all([readRecord(flags.baseline), readRecord(flags.record)]);
  return evaluateGate(baseline, record, config, pairedApDifferences());
}

/** A record before there is a baseline: held to the bounds alone and, if it is within them, accepted as the first. */
async function judgeFirst(
  { missingBaseline, history, record: place }: GateFlags,
  out: string,
  record: ResultRecord,
  config: GateConfig,
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
  if (report.exitCode !== 0) return report;
  const { recordSha256 } = await acceptBaseline({ record, out, history, why: 'the first, accepted by the gate' });
  const baseline = `none before; this record (${recordSha256.slice(0, 12)}) was accepted as the first and written to ${out}`;
  return { ...report, baseline, firstBaseline: out };
}

async function judgeInterleaved(output: Output, flags: GateFlags, config: GateConfig): Promise<GateReport> {
  if (!config.rules.some(isInterleaved)) {
    throw new ProtocolError(
      'the configuration has no latency rule, so an interleaved run would check nothing; add latency.total',
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
