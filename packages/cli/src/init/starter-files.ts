import { configName } from '../config/find-config.js';
import type { ProjectConfig } from '../config/project-config.js';
import type { MachineNeeds } from './machine-needs.js';
import type { DataKind } from './recognise-data.js';

/** What `retinabench init` needs to know. */
export interface StarterAnswers {
  /** Root of the data set; empty: the embedded one. */
  readonly data: string;
  readonly model: string;
  /** Scale rules; empty: the model's own input. */
  readonly scale: string;
  /** AP that a change may lose, in points (hundredths). */
  readonly maxDropPoints: number;
  /** Write a workflow for GitHub Actions. */
  readonly workflow: boolean;
}

/** A file to write. */
export interface StarterFile {
  readonly name: string;
  readonly content: string;
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
}

/** Names of the files that init writes. */
export function starterNames({ workflow }: Pick<StarterAnswers, 'workflow'>): string[] {
  return [configName, gatesName, ...(workflow ? [workflowName] : [])];
}

const gatesName = 'gates.json';
const workflowName = '.github/workflows/retinabench.yml';

/** The configuration, the rules of the gate and the workflow. */
export function starterFiles(answers: StarterAnswers, { kind, scales, machine }: StarterPlan): StarterFile[] {
  const { baseline, numbers } = evaluations[kind];
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
    ...(answers.workflow ? [{ name: workflowName, content: workflowText(kind, machine) }] : []),
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

function workflowText(kind: DataKind, { needs, pull }: MachineNeeds): string {
  const { verb, record } = evaluations[kind];
  const said = needs.map((need) => `# - ${need}\n`).join('');
  const pulled = pull === undefined ? '' : `      - run: npx retinabench models pull ${pull} --accept-licence\n`;
  return `# This machine needs beside the repository and its packages:
${said}name: retinabench
on: pull_request
permissions:
  contents: read
jobs:
  gate:
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    steps:
      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
          cache: npm
      - run: npm ci --ignore-scripts
${pulled}      # What to evaluate, how and against what: retinabench.json and gates.json.
      - run: npx retinabench ${verb} --out ${record}
      - run: npx retinabench gate --record ${record} --junit gate.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: retinabench
          path: |
            results
            gate.xml
`;
}
