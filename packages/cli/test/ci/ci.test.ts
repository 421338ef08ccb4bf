import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini } from '@retinabench/datasets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { GithubServer } from '../comment/github-server.js';
import { writeRecord } from '../gate/gate-record.js';
import { runSteps, type Step } from './run-steps.js';

const workspace = path.resolve(import.meta.dirname, '../../../..');
const program = path.join(workspace, 'packages/cli/bin/retinabench.js');
const token = 'ghs_secretOfTheTest';
const root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-ci-'));
const server = new GithubServer(token);
let apiUrl: string;

beforeAll(async () => {
  apiUrl = await server.start();
});
afterAll(() => {
  server.stop();
  rmSync(root, { recursive: true, force: true });
});

/** A folder whose packages hold the program, as after `npm ci`. */
function project(name: string): string {
  const folder = path.join(root, name);
  mkdirSync(path.join(folder, 'node_modules/.bin'), { recursive: true });
  symlinkSync(program, path.join(folder, 'node_modules/.bin/retinabench'));
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }');
  return folder;
}

function environment(folder: string): Record<string, string | undefined> {
  writeFileSync(path.join(root, 'event.json'), '{ "pull_request": { "number": 7 } }');
  return {
    ...process.env,
    RETINABENCH_CACHE: path.join(root, 'cache'),
    RETINABENCH_DATA: '',
    GITHUB_ACTIONS: 'true',
    GITHUB_STEP_SUMMARY: path.join(folder, 'summary.md'),
    GITHUB_REPOSITORY: 'owner/repo',
    GITHUB_EVENT_PATH: path.join(root, 'event.json'),
    GITHUB_API_URL: apiUrl,
  };
}

describe('action.yml', () => {
  const action: { inputs: Record<string, { default?: string }>; runs: { steps: Step[] } } = parse(
    readFileSync(path.join(workspace, 'action.yml'), 'utf8'),
  );

  function run(folder: string, inputs: Record<string, string>) {
    const given = Object.entries(action.inputs).map(([name, input]) => [
      `inputs.${name}`,
      name === 'token' ? token : (inputs[name] ?? input.default ?? ''),
    ]);
    const values = { ...Object.fromEntries(given), 'github.event_name': 'pull_request' };
    return runSteps(action.runs.steps, { cwd: folder, env: environment(folder), values });
  }

  it('passes its first run and says that it judged nothing, fails the next that is worse, and updates one comment', async () => {
    const folder = project('action');
    writeRecord(folder, 'good.json', 0.8);
    writeRecord(folder, 'bad $(touch hacked).json', 0.7);
    const first = await run(folder, { record: 'good.json', baseline: 'baselines/wider.json' });
    expect(first).toMatchObject({
      status: 0,
      outputs: { 'steps.gate.outputs.verdict': 'warn', 'steps.gate.outputs.first-baseline': 'baselines/wider.json' },
    });
    expect(server.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/no verdict on differences yet/)]);
    const worse = await run(folder, { record: 'bad $(touch hacked).json', baseline: 'baselines/wider.json' });
    expect(worse).toMatchObject({ status: 1, outputs: { 'steps.gate.outputs.verdict': 'fail' } });
    expect(server.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/Gate: fail[\s\S]*ap\.hard/)]);
    expect(readFileSync(path.join(folder, 'summary.md'), 'utf8')).toMatch(/Gate: fail/);
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false);
    const broken = await run(folder, { record: 'gone.json', baseline: 'baselines/wider.json' });
    expect(broken).toMatchObject({ status: 2, outputs: { 'steps.gate.outputs.verdict': 'error' } });
    expect(server.comments.map(({ body }) => body)).toEqual([expect.stringMatching(/Gate: error, no verdict/)]);
    // Without the program, npx ends with 1: no regression, and no comment of an earlier gate.
    rmSync(path.join(folder, 'node_modules'), { recursive: true });
    const said = server.comments.map(({ body }) => body);
    const without = await run(folder, { record: 'good.json', baseline: 'baselines/wider.json', name: 'other' });
    expect(without).toMatchObject({ status: 3, outputs: { 'steps.gate.outputs.exit-code': '3' } });
    expect(server.comments.map(({ body }) => body)).toEqual(said);
  });

  it('shows pictures of what got worse of records of eval', async () => {
    const folder = project('eval-action');
    const env = environment(folder);
    const cli = (...args: string[]): void => {
      const { status, stderr } = spawnSync(process.execPath, [program, ...args, '--quiet'], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      if (status !== 0) throw new Error(stderr);
    };
    const data = await ensureMini({ cacheDir: path.join(root, 'cache') });
    cli(
      'datasets',
      'convert',
      path.join(data, 'wider_face_val_bbx_gt.txt'),
      '--from',
      'wider',
      '--to',
      'coco',
      '--out',
      'labels.json',
    );
    cpSync(path.join(data, 'WIDER_val/images'), path.join(folder, 'photos'), { recursive: true });
    const evaluate = (scale: string, out: string): void =>
      cli(
        ...['eval', '--gt', 'labels.json', '--images', 'photos', '--model', 'face-api-tiny'],
        ...['--scale', scale, '--out', out],
      );
    evaluate('long:416', 'good.json');
    const [good] = readdirSync(path.join(folder, 'results/detect'));
    // Of a quarter of the size many faces are lost.
    evaluate('long:96', 'bad.json');
    writeFileSync(path.join(folder, 'gates.json'), '{ "detection.ap50": "warn", "allow": ["protocol"] }');
    const inputs = {
      record: 'bad.json',
      baseline: 'good.json',
      config: 'gates.json',
      name: 'pictures',
    };
    // Where its predictions, annotations and images lie follows from the record.
    const said = await run(folder, { ...inputs, pictures: 'true' });
    expect(said).toMatchObject({ status: 0, outputs: { 'steps.gate.outputs.verdict': 'warn' } });
    expect(existsSync(path.join(folder, '.retinabench/pictures/worse-1.webp'))).toBe(true);
    expect(server.comments.at(-1)?.body).toMatch(/!\[worse-1/);
    const others = await run(folder, {
      ...inputs,
      predictions: `results/detect/${good}`,
      annotations: 'labels.json',
      images: 'photos',
      comment: 'false',
    });
    expect(others.status).toBe(2);
    expect(others.said).toMatch(/expected the predictions that bad\.json was made of/);
  });

  it('keeps its verdict where the comment is refused', async () => {
    const folder = project('fork');
    writeRecord(folder, 'good.json', 0.8);
    await run(folder, { record: 'good.json', baseline: 'b.json' });
    server.refuses = 403;
    const refused = await run(folder, { record: 'good.json', baseline: 'b.json' });
    server.refuses = undefined;
    expect(refused).toMatchObject({ status: 0, outputs: { 'steps.gate.outputs.verdict': 'pass' } });
    expect(refused.said).toMatch(/no comment was written; the step summary has the table/);
  });
});

describe('what init writes', () => {
  function initialise(folder: string, ...flags: string[]): void {
    const args = [program, 'init', '--yes', '--model', 'face-api-tiny', '--scale', 'long:96', ...flags];
    const { status, stderr } = spawnSync(process.execPath, args, {
      cwd: folder,
      env: environment(folder),
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(stderr);
  }

  it('for GitHub passes on its first run, judges the second, and accepts by a labelled commit', async () => {
    const folder = project('github');
    initialise(folder, '--github');
    const { jobs } = parse(readFileSync(path.join(folder, '.github/workflows/retinabench.yml'), 'utf8')) as {
      jobs: Record<'gate' | 'accept', { steps: Step[] }>;
    };
    const values = {
      'github.event_name': 'pull_request',
      'github.token': token,
      'github.event.head_commit.message': 'Smaller model [accept baseline] "; touch hacked"',
    };
    const machine = { cwd: folder, env: environment(folder), values };
    expect(await runSteps(jobs.gate.steps, machine)).toMatchObject({
      status: 0,
      said: expect.stringMatching(/no baseline was there: this record is now the first one, in baselines\/wider\.json/),
    });
    expect(await runSteps(jobs.gate.steps, machine)).toMatchObject({
      status: 0,
      said: expect.stringMatching(/gate: pass/),
    });
    const remote = path.join(root, 'remote.git');
    for (const args of [
      ['init', '-q', '--bare', remote],
      ['init', '-q'],
      ['remote', 'add', 'origin', remote],
    ]) {
      spawnSync('git', args, { cwd: folder });
    }
    spawnSync('git', ['config', 'push.autoSetupRemote', 'true'], { cwd: folder });
    expect(await runSteps(jobs.accept.steps, machine)).toMatchObject({ status: 0 });
    const pushed = spawnSync('git', ['ls-tree', '-r', '--name-only', 'HEAD'], { cwd: remote, encoding: 'utf8' }).stdout;
    expect(pushed.split('\n').filter(Boolean)).toEqual(['baselines/history.jsonl', 'baselines/wider.json']);
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false);
  });

  it('for a shell, and for GitLab, runs the same commands', () => {
    const folder = project('shell');
    initialise(folder, '--shell');
    const script = readFileSync(path.join(folder, 'retinabench-gate.sh'), 'utf8').replace(/^npm .*$/m, '');
    writeFileSync(path.join(folder, 'gate.sh'), script);
    const ran = spawnSync('bash', ['gate.sh'], { cwd: folder, env: environment(folder), encoding: 'utf8' });
    expect([ran.status, ran.stdout]).toEqual([0, expect.stringMatching(/gate: no verdict on differences yet/)]);
    const other = project('gitlab');
    initialise(other, '--gitlab');
    const { retinabench } = parse(readFileSync(path.join(other, 'retinabench.gitlab-ci.yml'), 'utf8')) as {
      retinabench: { script: string[] };
    };
    expect(script).toContain(retinabench.script.slice(1).join('\n'));
  });
});
