import { configName } from '../config/find-config.js';
import type { ProjectConfig } from '../config/project-config.js';
import { type CiSystem, ciFile, ciFileNames } from './ci-file.js';
import type { MachineNeeds } from './machine-needs.js';
import type { DataKind } from './recognise-data.js';
import type { StarterFile } from './starter-file.js';

/** What `retinabench init` needs to know. */
export interface StarterAnswers {
  /** Root of the data set; empty: the embedded one. */
  readonly data: string;
  readonly model: string;
  /** Scale rules; empty: the model's own input. */
  readonly scale: string;
  /** AP that a change may lose, in points (hundredths). */
  readonly maxDropPoints: number;
  /** Which continuous integration a job is written for. */
  readonly ci: CiSystem;
}

/** What evaluates a kind of data, where its records lie and which numbers a gate holds. */
const evaluations = {
  wider: {
    verb: 'wider all',
    record: 'results/wider/head.json',
    baseline: 'baselines/wider.json',
    numbers: ['ap.easy', 'ap.medium', 'ap.hard'],
  },
  annotated: {
    verb: 'eval',
    record: 'results/detection/head.json',
    baseline: 'baselines/detection.json',
    numbers: ['detection.ap', 'detection.ap50'],
  },
} as const satisfies Readonly<Record<DataKind, object>>;

/** What the files are written for. */
export interface StarterPlan {
  readonly kind: DataKind;
  /** Scale rules in their usual form. */
  readonly scales: readonly string[];
  readonly machine: MachineNeeds;
  /** The repository's lock file names RetinaBench. */
  readonly locked: boolean;
}

/** Names of the files that init writes. */
export function starterNames({ ci }: Pick<StarterAnswers, 'ci'>): string[] {
  return [configName, gatesName, ...(ci === 'none' ? [] : [ciFileNames[ci]])];
}

const gatesName = 'gates.json';

/** The configuration, the rules of the gate and the job of continuous integration. */
export function starterFiles(answers: StarterAnswers, { kind, scales, machine, locked }: StarterPlan): StarterFile[] {
  const { verb, record, baseline, numbers } = evaluations[kind];
  const config: ProjectConfig = {
    $schema: './node_modules/retinabench/retinabench.schema.json',
    ...(answers.data === '' ? {} : { data: answers.data }),
    models: [answers.model],
    backends: ['ort-node'],
    ...(scales.length === 0 ? {} : { scales }),
    gates: gatesName,
    baseline,
  };
  const rule = ['error', { maxDrop: answers.maxDropPoints / 100 }];
  const gates = Object.fromEntries(numbers.map((number) => [number, rule]));
  return [
    { name: configName, content: `${JSON.stringify(config, undefined, 2)}\n` },
    { name: gatesName, content: `${JSON.stringify(gates, undefined, 2)}\n` },
    ...(answers.ci === 'none' ? [] : [ciFile(answers.ci, { verb, record, baseline, machine, locked })]),
  ];
}

/** The commands of a first baseline, in their order. */
export function firstCommands(kind: DataKind): string[] {
  const { verb, record, baseline } = evaluations[kind];
  return [
    `npx retinabench ${verb} --out ${record}`,
    `npx retinabench baseline --record ${record} --out ${baseline} --why 'the first'`,
    `npx retinabench gate --record ${record}`,
  ];
}
