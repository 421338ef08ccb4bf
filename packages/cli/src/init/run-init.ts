import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { formatScaleRule, parseScaleRules } from '@retinabench/backends';
import { DatasetError, ProtocolError } from '@retinabench/core';
import { resolveModel } from '@retinabench/models/node';
import { findConfig } from '../config/find-config.js';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printResult } from '../terminal/output.js';
import { requireWritable, writeOutput } from '../terminal/output-file.js';
import { askStarter } from './ask.js';
import { type CiSystem, ciNeeds } from './ci-file.js';
import { machineNeeds } from './machine-needs.js';
import { recogniseData } from './recognise-data.js';
import { firstCommands, type StarterAnswers, starterFiles, starterNames } from './starter-files.js';

interface InitFlags extends OutputFlags {
  readonly data?: string;
  readonly model: string;
  readonly scale?: string;
  readonly maxDrop: number;
  readonly workflow: boolean;
  readonly github?: boolean;
  readonly gitlab?: boolean;
  readonly shell?: boolean;
  readonly yes?: boolean;
}

const starterOutput = { what: 'the configuration', flag: 'another working folder' };

/** The action of `retinabench init`. */
export async function runInit(flags: InitFlags): Promise<void> {
  const output = outputOf(flags);
  const given: StarterAnswers = {
    data: flags.data ?? '',
    model: flags.model,
    scale: flags.scale ?? '',
    maxDropPoints: flags.maxDrop,
    ci: systemOf(flags),
  };
  await refuseExisting(starterNames(given));
  const answers = flags.yes === true ? given : await askStarter(given);
  const scales = answers.scale === '' ? [] : parseScaleRules(answers.scale).map(formatScaleRule);
  // A model or folder that is not there is better said now than in the first run of a workflow.
  await resolveModel(answers.model);
  if (answers.data !== '' && !existsSync(answers.data)) {
    throw new DatasetError(
      `${answers.data}: expected the root of a data set, got nothing of that name; check the path`,
    );
  }
  const kind = answers.data === '' ? 'wider' : await recogniseData(answers.data);
  const machine = machineNeeds(answers.model, answers.data);
  const locked = await locksRetinaBench();
  const files = starterFiles(answers, { kind, scales, machine, locked });
  await refuseExisting(files.map(({ name }) => name));
  for (const { name } of files) await requireWritable(name, starterOutput);
  for (const { name, content } of files) await writeOutput(name, content, starterOutput);
  const names = files.map(({ name }) => name);
  const next = firstCommands(kind);
  const needs = answers.ci === 'none' ? [] : ciNeeds({ machine, locked });
  printResult(
    output,
    [
      `written: ${names.join(', ')}`,
      ...(kind === 'annotated' ? ['data: annotations of another form than WIDER FACE, so that eval takes them'] : []),
      'next:',
      ...next.map((text) => `  ${text}`),
      ...(needs.length === 0 ? [] : ['the machine of the workflow needs:', ...needs.map((text) => `  ${text}`)]),
    ].join('\n'),
  );
  printJson(output, { written: names, next, needs });
}

/** @throws {ProtocolError} if several are asked for: each has files of its own, but one run of init writes one. */
function systemOf({ github, gitlab, shell, workflow }: InitFlags): CiSystem {
  const asked = [
    ...(github === true ? (['github'] as const) : []),
    ...(gitlab === true ? (['gitlab'] as const) : []),
    ...(shell === true ? (['shell'] as const) : []),
    ...(workflow ? [] : (['none'] as const)),
  ];
  if (asked.length > 1) {
    throw new ProtocolError(
      'init: expected one of --github, --gitlab, --shell and --no-workflow, got several; choose one',
    );
  }
  return asked[0] ?? 'github';
}

/** @throws {ProtocolError} naming the first that is there, or a configuration in package.json. */
async function refuseExisting(names: readonly string[]): Promise<void> {
  const there = names.find((name) => existsSync(name));
  const found = there ?? (await findConfig(process.cwd()))?.place;
  if (found !== undefined) {
    throw new ProtocolError(`${found}: is there already, and init overwrites nothing; edit it, or move it away`);
  }
}

/** Whether npm's lock file here names RetinaBench. */
async function locksRetinaBench(): Promise<boolean> {
  const lock = await readFile('package-lock.json', 'utf8').catch(() => '');
  return lock.includes('"node_modules/retinabench"');
}
