import { existsSync } from 'node:fs';
import { formatScaleRule, parseScaleRules } from '@retinabench/backends';
import { DatasetError, ProtocolError } from '@retinabench/core';
import { defaultModelId } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import type { Command } from 'commander';
import { findConfig } from '../config/find-config.js';
import { addOutputFlags, numberBetween, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { requireWritable, writeOutput } from '../terminal/output-file.js';
import { askStarter } from './ask.js';
import { firstCommands, type StarterAnswers, starterFiles } from './starter-files.js';

interface InitFlags extends OutputFlags {
  readonly data?: string;
  readonly model: string;
  readonly scale?: string;
  readonly maxDrop: number;
  readonly workflow: boolean;
  readonly yes?: boolean;
}

const starterOutput = { what: 'the configuration', flag: 'another working folder' };

/** Register `retinabench init`. */
export function registerInit(program: Command): void {
  const command = program
    .command('init')
    .option('--data <dir>', 'data set root (default: none, so that the embedded one stands in)')
    .option('--model <id>', 'id of a model, or path of an .onnx with its card beside it', defaultModelId)
    .option('--scale <rules>', "input sizes, joined by commas (default: the image's own)")
    .option('--max-drop <points>', 'AP points that a change may lose', numberBetween(0, 100), 0.2)
    .option('--no-workflow', 'write no workflow for GitHub Actions')
    .option('--yes', 'ask nothing: take the flags and the defaults');
  addOutputFlags(command)
    .addHelpText(
      'after',
      `
Writes retinabench.json, gates.json and .github/workflows/retinabench.yml into the working folder after five questions. No file that
is there is ever overwritten.

Examples:
  retinabench init
  retinabench init --yes --data faces --model my-detector.onnx --scale long:640 --max-drop 0.5`,
    )
    .action(runInit);
}

async function runInit(flags: InitFlags): Promise<void> {
  const output = outputOf(flags);
  const given: StarterAnswers = {
    data: flags.data ?? '',
    model: flags.model,
    scale: flags.scale ?? '',
    maxDropPoints: flags.maxDrop,
    workflow: flags.workflow,
  };
  await refuseExisting(starterFiles(given, []).map(({ name }) => name));
  const answers = flags.yes === true ? given : await askStarter(given);
  const scales = answers.scale === '' ? [] : parseScaleRules(answers.scale).map(formatScaleRule);
  // A model or folder that is not there is better said now than in the first run of a workflow.
  await resolveModel(answers.model);
  if (answers.data !== '' && !existsSync(answers.data)) {
    throw new DatasetError(
      `${answers.data}: expected the root of a data set, got nothing of that name; check the path`,
    );
  }
  const files = starterFiles(answers, scales);
  await refuseExisting(files.map(({ name }) => name));
  for (const { name } of files) await requireWritable(name, starterOutput);
  for (const { name, content } of files) await writeOutput(name, content, starterOutput);
  const names = files.map(({ name }) => name);
  printResult(
    output,
    [`written: ${names.join(', ')}`, 'next:', ...firstCommands.map((text) => `  ${text}`)].join('\n'),
  );
  printJson(output, { written: names, next: firstCommands });
}

/** @throws {ProtocolError} naming the first that is there, or a configuration in package.json. */
async function refuseExisting(names: readonly string[]): Promise<void> {
  const there = names.find((name) => existsSync(name));
  const found = there ?? (await findConfig(process.cwd()))?.place;
  if (found !== undefined) {
    throw new ProtocolError(`${found}: is there already, and init overwrites nothing; edit it, or move it away`);
  }
}
