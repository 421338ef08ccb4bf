import { ProtocolError } from '@retinabench/core';
import {
  type Allowance,
  allowances,
  defaultGateConfig,
  evaluateGate,
  type GateConfig,
  pairedApDifferences,
  parseGateConfig,
} from '@retinabench/report';
import type { Command } from 'commander';
import { readRecord, readTextFile } from '../record/read.js';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { publishGate } from './publish.js';

interface GateFlags extends OutputFlags {
  readonly baseline?: string;
  readonly record?: string;
  readonly config?: string;
  readonly allow?: string;
  readonly junit?: string;
}

/** Register `retinabench gate`. */
export function registerGate(program: Command): void {
  const command = program
    .command('gate')
    .description('hold a record against a baseline by rules; exit 1 on a regression')
    .option('--baseline <file>', 'the accepted record')
    .option('--record <file>', 'the record to judge')
    .option('--config <file>', 'rules, such as { "ap.hard": ["error", { "maxDrop": 0.002 }] }')
    .option('--allow <list>', `differences that may pass as not comparable: ${allowances.join(',')}`)
    .option('--junit <file>', 'also write JUnit XML');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Exit codes: 0 pass, warn or inconclusive; 1 regression; 2 invalid input or not comparable; 3 environment.

Example:
  retinabench gate --baseline baselines/wider.json --record results/wider/hard.json --config gates.json`,
    )
    .action(runGate);
}

async function runGate(flags: GateFlags): Promise<void> {
  if (flags.baseline === undefined || flags.record === undefined) {
    throw new ProtocolError(
      'gate needs --baseline FILE and --record FILE; accept a baseline with retinabench baseline',
    );
  }
  const config = await readConfig(flags);
  const [baseline, record] = await Promise.all([readRecord(flags.baseline), readRecord(flags.record)]);
  const report = evaluateGate(baseline, record, config, pairedApDifferences());
  await publishGate(outputOf(flags), report, flags.junit);
  process.exitCode = report.exitCode;
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
