import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeRecord } from './gate-record.js';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
const ownModel = path.resolve(import.meta.dirname, '../../../models/data/retinaface-rb025.onnx');
const root = mkdtempSync(path.join(os.tmpdir(), 'retinabench-any-repository-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(cwd: string, ...args: string[]) {
  const env = { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), GITHUB_ACTIONS: '' };
  return spawnSync(process.execPath, [main, ...args], { cwd, encoding: 'utf8', env });
}

function git(cwd: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], {
    cwd,
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

/** A repository of somebody's own with a model in it, committed. */
function repository(name: string): string {
  const folder = path.join(root, name);
  mkdirSync(path.join(folder, 'models'), { recursive: true });
  git(folder, 'init', '-q');
  copyFileSync(ownModel, path.join(folder, 'models/ours.onnx'));
  writeFileSync(
    path.join(folder, 'models/ours.card.json'),
    run(folder, 'models', 'show', 'retinaface-rb025', '--json').stdout,
  );
  git(folder, 'add', '.');
  git(folder, 'commit', '-q', '-m', 'model');
  return folder;
}

describe('a model at a revision', () => {
  it('is that of the revision, whatever the working tree holds, from any folder of it', () => {
    const folder = repository('history');
    const card = path.join(folder, 'models/ours.card.json');
    const former = JSON.parse(readFileSync(card, 'utf8'));
    writeFileSync(card, JSON.stringify({ ...former, id: 'renamed' }));
    const idAt = (cwd: string, model: string): string => {
      const { stdout, stderr } = run(cwd, 'wider', 'hard', '--model', model, '--limit', '1', '--no-interval', '--json');
      return stdout === '' ? stderr : JSON.parse(stdout).model.id;
    };
    expect(idAt(folder, 'models/ours.onnx')).toBe('renamed');
    expect(idAt(folder, 'git:HEAD:models/ours.onnx')).toBe('retinaface-rb025');
    expect(idAt(path.join(folder, 'models'), 'git:HEAD:ours.onnx')).toBe('retinaface-rb025');
    expect(idAt(folder, 'git:HEAD:models/other.onnx')).toMatch(
      /expected models\/other\.onnx at HEAD .* got fatal: path/,
    );
    expect(idAt(folder, 'git:gone:models/ours.onnx')).toMatch(/expected a revision of the repository here/);
    // An option in the place of a revision is a revision that does not exist.
    expect(idAt(folder, 'git:--all:models/ours.onnx')).toMatch(/expected a revision of the repository here/);
  });
});

describe('gate --latency outside a checkout of RetinaBench', () => {
  it('fails a model that finds nothing against its own base in the history', () => {
    const folder = repository('latency');
    const card = path.join(folder, 'models/ours.card.json');
    const former = JSON.parse(readFileSync(card, 'utf8'));
    writeFileSync(card, JSON.stringify({ ...former, defaults: { ...former.defaults, scoreFloor: 0.99999 } }));
    writeFileSync(path.join(folder, 'gates.json'), '{ "faces.found": "error", "latency.total": "off" }');
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "models": ["models/ours.onnx"], "gates": "gates.json" }');
    const bench = ['--bench-args', '--rounds 1 --round-ms 1', '--max-pairs', '12', '--json', '--quiet'];
    const { status, stdout, stderr } = run(folder, 'gate', '--latency', 'HEAD', ...bench);
    expect([status, stderr]).toEqual([1, expect.stringContaining('gate: fail')]);
    expect(JSON.parse(stdout).results).toContainEqual(
      expect.objectContaining({ rule: 'faces.found', verdict: 'fail', actual: '0 faces' }),
    );
  });

  it('says what it can compare where nothing names a model, or one without a history', () => {
    const folder = repository('nothing');
    expect(run(folder, 'gate', '--latency', 'HEAD')).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/not RetinaBench itself.*--model FILE\.onnx.*--run COMMAND.*--latency-command/s),
    });
    expect(run(folder, 'gate', '--latency', 'HEAD', '--model', 'face-api-tiny').stderr).toMatch(
      /expected an \.onnx that is a file of this repository, got "face-api-tiny"/,
    );
    // A name that a shell would expand is a name.
    expect(run(folder, 'gate', '--latency', 'HEAD', '--model', 'models/$(touch hacked) (1).onnx').stderr).toMatch(
      /expected models\/\$\(touch hacked\) \(1\)\.onnx at HEAD .* got fatal: path/,
    );
    expect(existsSync(path.join(folder, 'hacked'))).toBe(false);
    expect(run(folder, 'gate', '--run', 'true').stderr).toMatch(/add --latency REF/);
  });

  it('compares a command in two builds, each in its own tree, and leaves no tree behind', () => {
    const folder = repository('builds');
    mkdirSync(path.join(folder, 'app'));
    writeFileSync(path.join(folder, 'app/times.txt'), '[20.1, 20.2, 20.3]');
    git(folder, 'add', '.');
    git(folder, 'commit', '-q', '-m', 'times');
    writeFileSync(path.join(folder, 'app/times.txt'), '[30.1, 30.2, 30.3]');
    const flags = ['--build', 'cp times.txt built.txt', '--run', 'cat built.txt', '--max-pairs', '12', '--json'];
    const app = path.join(folder, 'app');
    // The head is taken as built: without it the command fails, and the message says which.
    expect(run(app, 'gate', '--latency', 'HEAD', ...flags)).toMatchObject({
      status: 3,
      stderr: expect.stringMatching(/cat built\.txt: expected exit code 0, got 1: .*built\.txt/),
    });
    copyFileSync(path.join(app, 'times.txt'), path.join(app, 'built.txt'));
    const { status, stdout } = run(app, 'gate', '--latency', 'HEAD', ...flags);
    expect(status).toBe(1);
    const total = JSON.parse(stdout).results.find(({ rule }: { rule: string }) => rule === 'latency.total');
    // 10 % quantiles of the lists (R-7, position 0.2): 20.12 and 30.12.
    expect(total.values.change).toBeCloseTo(30.12 / 20.12 - 1, 9);
    expect(git(folder, 'worktree', 'list').split('\n')).toHaveLength(1);
    // A whole path would measure the head on both sides.
    expect(run(app, 'gate', '--latency', 'HEAD', '--run', `cat ${folder}/app/times.txt`)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected paths relative to the working folder/),
    });
  });
});

describe('gate without a baseline yet', () => {
  it('names the command that accepts one', () => {
    const folder = path.join(root, 'none');
    mkdirSync(folder);
    writeRecord(folder, 'head.json', 0.8);
    const refused = run(folder, 'gate', '--record', 'head.json', '--baseline', 'b/base.json');
    expect(refused.status).toBe(2);
    const [, command] =
      /retinabench (baseline --record head\.json --out b\/base\.json) --why/.exec(refused.stderr) ?? [];
    expect(run(folder, ...(command ?? '').split(' '), '--why', 'the first').status).toBe(0);
    expect(run(folder, 'gate', '--record', 'head.json', '--baseline', 'b/base.json').status).toBe(0);
  });

  it('accepts the first where it is told to, calls it no pass, and judges the next', () => {
    const folder = path.join(root, 'first');
    mkdirSync(folder);
    writeRecord(folder, 'head.json', 0.8);
    const flags = ['--baseline', 'b/base.json', '--missing-baseline', 'accept', '--json'];
    const first = run(folder, 'gate', '--record', 'head.json', ...flags, '--markdown', 'gate.md');
    expect(JSON.parse(first.stdout)).toMatchObject({ verdict: 'warn', exitCode: 0, firstBaseline: 'b/base.json' });
    expect(first.stderr).toMatch(/no difference was judged; commit that file/);
    expect(readFileSync(path.join(folder, 'gate.md'), 'utf8')).toMatch(/no verdict on differences yet/);
    expect(readFileSync(path.join(folder, 'baselines/history.jsonl'), 'utf8').split('\n')).toHaveLength(2);
    writeRecord(folder, 'worse.json', 0.7);
    expect(run(folder, 'gate', '--record', 'worse.json', ...flags).status).toBe(1);
  });

  it('accepts no record as the first where the baseline is lost: deleted, or a link whose target was not fetched', () => {
    const folder = path.join(root, 'lost');
    mkdirSync(folder);
    writeRecord(folder, 'head.json', 0.8);
    writeRecord(folder, 'worse.json', 0.1);
    const flags = ['--baseline', 'base.json', '--missing-baseline', 'accept'];
    expect(run(folder, 'gate', '--record', 'head.json', ...flags).status).toBe(0);
    rmSync(path.join(folder, 'base.json'));
    expect(run(folder, 'gate', '--record', 'worse.json', ...flags)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/history\.jsonl:1\), got no such file: this would not be the first; restore it/),
    });
    expect(existsSync(path.join(folder, 'base.json'))).toBe(false);
    symlinkSync('.git/annex/objects/gone', path.join(folder, 'link.json'));
    const ofLink = ['--baseline', 'link.json', '--missing-baseline', 'accept', '--history', 'other.jsonl'];
    expect(run(folder, 'gate', '--record', 'worse.json', ...ofLink)).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/link\.json: expected the accepted record, got a link whose target is not there/),
    });
    expect(existsSync(path.join(folder, 'other.jsonl'))).toBe(false);
  });

  it('leaves no verdict of an earlier run in its files where it comes to none', () => {
    const folder = path.join(root, 'stale');
    mkdirSync(folder);
    writeRecord(folder, 'head.json', 0.8);
    const files = ['--markdown', 'gate.md', '--junit', 'gate.xml'];
    const gate = (record: string) =>
      run(folder, 'gate', '--record', record, '--baseline', 'head.json', ...files).status;
    const read = (name: string): string => readFileSync(path.join(folder, name), 'utf8');
    expect([gate('head.json'), read('gate.md')]).toEqual([0, expect.stringMatching(/Gate: pass/)]);
    expect(gate('gone <b>.json')).toBe(2);
    expect(read('gate.md')).toMatch(/^### .* Gate: error, no verdict\n\ngone &lt;b&gt;\.json: /);
    expect(read('gate.xml')).toMatch(/errors="1"[\s\S]*<error message="gone &lt;b&gt;\.json: /);
  });

  it('accepts no first record whose speed fails', () => {
    const folder = path.join(root, 'slow');
    mkdirSync(folder);
    writeRecord(folder, 'head.json', 0.8);
    const flags = ['--baseline', 'base.json', '--missing-baseline', 'accept', '--max-pairs', '12'];
    const speed = ['--latency-command', "echo '[30.1, 30.2, 30.3]'", '--against', "echo '[20.1, 20.2, 20.3]'"];
    expect(run(folder, 'gate', '--record', 'head.json', ...flags, ...speed).status).toBe(1);
    expect([existsSync(path.join(folder, 'base.json')), existsSync(path.join(folder, 'baselines'))]).toEqual([
      false,
      false,
    ]);
  });

  it('accepts no first record below a floor', () => {
    const folder = path.join(root, 'floor');
    mkdirSync(folder);
    writeRecord(folder, 'head.json', 0.8);
    writeFileSync(path.join(folder, 'gates.json'), '{ "ap.hard": ["error", { "min": 0.9 }] }');
    const flags = ['--baseline', 'base.json', '--missing-baseline', 'accept', '--config', 'gates.json'];
    expect(run(folder, 'gate', '--record', 'head.json', ...flags).status).toBe(1);
    expect(existsSync(path.join(folder, 'base.json'))).toBe(false);
  });
});
