import type { MachineNeeds } from './machine-needs.js';
import type { StarterFile } from './starter-file.js';

/** What a first gate can be written for. */
export const ciSystems = ['github', 'gitlab', 'shell', 'none'] as const;

export type CiSystem = (typeof ciSystems)[number];

/** Where each system's job goes. A repository on GitLab has a `.gitlab-ci.yml` already: ours is included there. */
export const ciFileNames: Readonly<Record<Exclude<CiSystem, 'none'>, string>> = {
  github: '.github/workflows/retinabench.yml',
  gitlab: 'retinabench.gitlab-ci.yml',
  shell: 'retinabench-gate.sh',
};

/** Where a repository whose lock file does not name RetinaBench keeps its packages. */
const tarballFolder = 'retinabench-packages';

/** What the job runs. */
export interface CiJob {
  readonly verb: string;
  readonly record: string;
  readonly baseline: string;
  readonly machine: MachineNeeds;
  /** The repository's lock file names RetinaBench, so that `npm ci` installs it. */
  readonly locked: boolean;
}

/** A job that evaluates, judges by the gate, and passes on its first run, when there is no baseline yet. */
export function ciFile(system: Exclude<CiSystem, 'none'>, job: CiJob): StarterFile {
  const text = { github: githubText, gitlab: gitlabText, shell: shellText }[system](job);
  return { name: ciFileNames[system], content: text };
}

function installLine({ locked }: CiJob): string {
  return locked ? 'npm ci --ignore-scripts' : `npm install --no-save --ignore-scripts ./${tarballFolder}/*.tgz`;
}

function evaluationLines({ verb, record, machine: { pull } }: CiJob): string[] {
  return [
    ...(pull === undefined ? [] : [`npx retinabench models pull ${pull} --accept-licence`]),
    `npx retinabench ${verb} --out ${record}`,
  ];
}

function gateLine({ record }: CiJob): string {
  return `npx retinabench gate --record ${record} --missing-baseline accept --markdown gate.md --junit gate.xml`;
}

/** What the machine needs beside the repository, in sentences. */
export function ciNeeds({ machine, locked }: Pick<CiJob, 'machine' | 'locked'>): string[] {
  const tarballs = `packages: the tarballs of RetinaBench in ${tarballFolder}/, since no lock file here names it and it is not on the npm registry yet; docs/install.md packs them; commit them`;
  return [...(locked ? [] : [tarballs]), ...machine.needs];
}

function head(job: CiJob): string {
  const said = ciNeeds(job)
    .map((need) => `# - ${need}\n`)
    .join('');
  return `# This machine needs beside the repository and its packages:
${said}# What is evaluated, how and against what: retinabench.json and gates.json.
`;
}

const firstRun = (baseline: string): string =>
  `The first run has no baseline: its record becomes ${baseline}, nothing is judged but bounds, and the output says so. Commit that file.`;

function githubText(job: CiJob): string {
  const evaluation = evaluationLines(job)
    .map((line) => `      - run: ${line}\n`)
    .join('');
  const prepared = `      - uses: actions/checkout@v4
      - uses: actions/setup-node@v4
        with:
          node-version: 20
${job.locked ? '          cache: npm\n' : ''}      - run: ${installLine(job)}
${evaluation}`;
  const label = '[accept baseline]';
  return `${head(job)}name: retinabench
on:
  pull_request:
  push:
    branches: [main, master]
permissions:
  contents: read
jobs:
  gate:
    if: \${{ !contains(github.event.head_commit.message, '${label}') }}
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: read
      pull-requests: write
    steps:
${prepared}      # ${firstRun(job.baseline)}
      - run: ${gateLine(job)}
      - if: always() && github.event_name == 'pull_request'
        # The token of a pull request from a fork may write none; the step summary has the table as well.
        continue-on-error: true
        env:
          GITHUB_TOKEN: \${{ github.token }}
        run: npx retinabench comment gate.md
      - uses: actions/upload-artifact@v4
        if: always()
        with:
          name: retinabench
          path: |
            results
            baselines
            gate.xml
  # A commit whose message holds ${label} makes its own record the baseline.
  accept:
    if: github.event_name == 'push' && contains(github.event.head_commit.message, '${label}')
    runs-on: ubuntu-24.04
    timeout-minutes: 60
    permissions:
      contents: write
    steps:
${prepared}      - env:
          WHY: \${{ github.event.head_commit.message }}
        run: |
          npx retinabench baseline --record ${job.record} --out ${job.baseline} --why "$WHY"
          git add baselines
          git -c user.name='github-actions[bot]' -c user.email='41898282+github-actions[bot]@users.noreply.github.com' commit -m 'Accept the baseline'
          git push
`;
}

function gitlabText(job: CiJob): string {
  const script = [installLine(job), ...evaluationLines(job), gateLine(job)].map((line) => `    - ${line}\n`).join('');
  return `${head(job)}# In .gitlab-ci.yml:
#   include:
#     - local: ${ciFileNames.gitlab}
# ${firstRun(job.baseline)}
retinabench:
  image: node:20-bookworm
  rules:
    - if: $CI_PIPELINE_SOURCE == "merge_request_event"
    - if: $CI_COMMIT_BRANCH == $CI_DEFAULT_BRANCH
  script:
${script}  artifacts:
    when: always
    reports:
      junit: gate.xml
    paths:
      - results
      - baselines
      - gate.md
`;
}

function shellText(job: CiJob): string {
  return `#!/usr/bin/env bash
${head(job)}# ${firstRun(job.baseline)}
# Exit code: 0 pass, warn or inconclusive; 1 a regression; 2 invalid input or not comparable; 3 environment.
set -euo pipefail
cd "$(dirname "$0")"
${[installLine(job), ...evaluationLines(job), gateLine(job)].join('\n')}
`;
}
