import { Command } from 'commander';
import { registerBaseline } from './baseline/command.js';
import { registerBench } from './bench/command.js';
import { registerDatasets } from './datasets/command.js';
import { registerDoctor } from './doctor/command.js';
import { registerFit } from './fit/command.js';
import { registerGate } from './gate/command.js';
import { registerIjbc } from './ijbc/command.js';
import { registerModels } from './models/command.js';
import { registerParity } from './parity/command.js';
import { registerReport } from './report/command.js';
import { registerWider } from './wider/command.js';

/** The program with every verb registered; one folder per verb, each with a `command.ts` that registers it. */
export function buildProgram(): Command {
  const program = new Command('retinabench')
    .description('The benchmark and evaluation suite for face localisation.')
    .version('0.1.0')
    .exitOverride()
    .showHelpAfterError('(add --help for the flags)');
  registerWider(program);
  registerIjbc(program);
  registerBench(program);
  registerParity(program);
  registerModels(program);
  registerDatasets(program);
  registerReport(program);
  registerGate(program);
  registerBaseline(program);
  registerFit(program);
  registerDoctor(program);
  return program;
}
