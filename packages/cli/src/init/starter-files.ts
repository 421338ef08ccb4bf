import { configName } from '../config/find-config.js';
import type { ProjectConfig } from '../config/project-config.js';

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

/** Where the accepted record lies. */
export const baselineFile = 'baselines/wider.json';

/** Where the record of a change lies. */
export const recordFileName = 'results/wider/head.json';

/** The configuration, the rules of the gate and the workflow. */
export function starterFiles(answers: StarterAnswers, scales: readonly string[]): StarterFile[] {
  const config: ProjectConfig = {
    $schema: './node_modules/retinabench/retinabench.schema.json',
    ...(answers.data === '' ? {} : { data: answers.data }),
    models: [answers.model],
    backends: ['ort-node'],
    ...(scales.length === 0 ? {} : { scales }),
    gates: 'gates.json',
    baseline: baselineFile,
  };
  const rule = ['error', { maxDrop: answers.maxDropPoints / 100 }];
  const gates = { 'ap.easy': rule, 'ap.medium': rule, 'ap.hard': rule };
  return [
    { name: configName, content: `${JSON.stringify(config, undefined, 2)}\n` },
    { name: 'gates.json', content: `${JSON.stringify(gates, undefined, 2)}\n` },
    ...(answers.workflow ? [{ name: '.github/workflows/retinabench.yml', content: workflow }] : []),
  ];
}

/** The commands of a first baseline, in their order. */
export const firstCommands: readonly string[] = [
  `npx retinabench wider all --out ${recordFileName}`,
  `npx retinabench baseline --record ${recordFileName} --out ${baselineFile} --why 'the first'`,
  `npx retinabench gate --record ${recordFileName}`,
];

const workflow = `name: retinabench
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
      # What to evaluate, how and against what: retinabench.json and gates.json.
      - run: npx retinabench wider all --out ${recordFileName}
      - run: npx retinabench gate --record ${recordFileName} --junit gate.xml
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: retinabench
          path: |
            results
            gate.xml
`;
