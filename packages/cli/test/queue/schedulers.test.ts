import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini } from '@retinabench/datasets';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const manifests = path.join(workspace, 'docs/schedulers');
const read = (name: string): string => readFileSync(path.join(manifests, name), 'utf8');

/** The scripts in a YAML file: the block scalars, in their order. */
function scriptsOf(yaml: string): string[] {
  const lines = yaml.split('\n');
  return lines.flatMap((line, at) => {
    if (!/(?:run:|-) \|$/.test(line)) return [];
    const indent = /^ */.exec(lines[at + 1])?.[0] ?? '';
    const rest = lines.slice(at + 1);
    const end = rest.findIndex((other) => !other.startsWith(indent));
    return [
      rest
        .slice(0, end < 0 ? rest.length : end)
        .map((other) => other.slice(indent.length))
        .join('\n'),
    ];
  });
}

/** What each scheduler runs, and what it says to the job of a shard, counted from 0. */
const [kubernetesPredict, kubernetesMerge] = scriptsOf(read('kubernetes.yaml'));
const [githubPredict, githubMerge] = scriptsOf(read('github.yml'));
const schedulers = [
  {
    name: 'Slurm',
    predict: read('slurm.sh'),
    merge: read('slurm-merge.sh'),
    variables: (shard: number, count: number) => ({
      SLURM_ARRAY_TASK_ID: String(shard + 1),
      SLURM_ARRAY_TASK_COUNT: String(count),
      SLURM_ARRAY_TASK_MIN: '1',
    }),
  },
  {
    name: 'Kubernetes',
    predict: kubernetesPredict,
    merge: kubernetesMerge,
    variables: (shard: number, count: number) => ({
      JOB_COMPLETION_INDEX: String(shard),
      JOB_COMPLETIONS: String(count),
      WORKERS: '1',
    }),
  },
  {
    name: 'GitHub',
    predict: githubPredict,
    merge: githubMerge,
    variables: (shard: number, count: number) => ({
      RETINABENCH_SHARD_INDEX: String(shard + 1),
      RETINABENCH_SHARD_COUNT: String(count),
    }),
  },
];

describe('the manifests of docs/schedulers', () => {
  const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-schedulers-'));
  const bin = path.join(work, 'bin');
  let mini: string;
  let expected: object;
  /** The numbers of a record. */
  const numbersOf = (file: string): object => {
    const { ap, interval, counts, breakdown, dataset } = JSON.parse(readFileSync(file, 'utf8'));
    expect(Object.keys(ap)).toEqual(['easy', 'medium', 'hard']);
    return { ap, interval, counts, breakdown, images: dataset.images, imagesSha256: dataset.imagesSha256 };
  };
  const run = (script: string, folder: string, variables: Readonly<Record<string, string>>): string => {
    const { status, stderr } = spawnSync('bash', ['-e', '-c', script], {
      cwd: folder,
      encoding: 'utf8',
      env: {
        ...process.env,
        PATH: `${bin}${path.delimiter}${process.env.PATH}`,
        DATA: mini,
        MODEL: 'retinaface-rb025',
        FLAGS: '--scale long:160',
        RESULTS: folder,
        ...variables,
      },
    });
    expect(status, stderr).toBe(0);
    return stderr;
  };
  beforeAll(async () => {
    mini = await ensureMini();
    mkdirSync(bin);
    const program = path.join(workspace, 'packages/cli/dist/main.js');
    writeFileSync(path.join(bin, 'retinabench'), `#!/bin/sh\nexec "${process.execPath}" "${program}" "$@"\n`, {
      mode: 0o755,
    });
    writeFileSync(path.join(bin, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    const folder = path.join(work, 'whole');
    mkdirSync(folder);
    run(`retinabench wider all --quiet --data "$DATA" $FLAGS --out whole.json`, folder, {});
    expected = numbersOf(path.join(folder, 'whole.json'));
  });
  afterAll(() => rmSync(work, { recursive: true, force: true }));

  test.each(schedulers)('of $name give, merged, the numbers of one run', ({ name, predict, merge, variables }) => {
    const folder = path.join(work, name);
    mkdirSync(folder);
    for (const shard of [0, 1]) run(predict, folder, variables(shard, 2));
    run(merge, folder, {});
    expect(numbersOf(path.join(folder, 'merged.json'))).toEqual(expected);
  });

  test('of Kubernetes say the number of completions to the program', () => {
    const yaml = read('kubernetes.yaml');
    const completions = /^ {2}completions: (\d+)$/m.exec(yaml)?.[1];
    expect(/name: JOB_COMPLETIONS\n\s+value: "(\d+)"/.exec(yaml)?.[1]).toBe(completions);
    expect(yaml).toContain('completionMode: Indexed');
  });
});
