import { spawnSync } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { parseGateConfig } from '@retinabench/report';
import { parseRecord } from '@retinabench/results';
import { afterAll, describe, expect, test } from 'vitest';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'config-runs-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

let made = 0;
const newFolder = (): string => {
  const folder = path.join(root, `project-${++made}`);
  mkdirSync(folder);
  return folder;
};

function run(cwd: string, args: readonly string[], { input = '', env = {} }: { input?: string; env?: object } = {}) {
  return spawnSync(process.execPath, [program, ...args], {
    cwd,
    input,
    env: { ...process.env, RETINABENCH_CACHE: path.join(root, 'cache'), RETINABENCH_DATA: '', ...env },
    encoding: 'utf8',
  });
}

describe('the configuration of a folder', () => {
  test('fills the flags left out, says so once, and stands in the record as flags; a flag overrides it', () => {
    const folder = newFolder();
    writeFileSync(
      path.join(folder, 'retinabench.json'),
      '{ "models": ["face-api-tiny"], "scales": ["long:128"], "workers": 1 }',
    );
    const { status, stderr } = run(folder, ['wider', 'hard', '--limit', '1', '--out', 'a.json', '--no-interval']);
    expect(status).toBe(0);
    expect(stderr.match(/retinabench\.json: --model face-api-tiny --scale long:128 --workers 1/g)).toHaveLength(1);
    const record = parseRecord(readFileSync(path.join(folder, 'a.json'), 'utf8'), 'a.json');
    expect(record.model?.id).toBe('face-api-tiny');
    expect(record.protocol.scale).toBe('long:128');
    expect(record.command).toBe(
      'npx retinabench wider hard --model face-api-tiny --scale long:128 --workers 1 --limit 1 --out a.json --no-interval',
    );
    const other = run(folder, [
      'wider',
      'hard',
      '--limit',
      '1',
      '--out',
      'b.json',
      '--no-interval',
      '--scale',
      'long:160',
    ]);
    expect(other.stderr).toMatch(/retinabench\.json: --model face-api-tiny --workers 1 \(a flag overrides it/);
    const overridden = parseRecord(readFileSync(path.join(folder, 'b.json'), 'utf8'), 'b.json');
    expect([overridden.model?.id, overridden.protocol.scale]).toEqual(['face-api-tiny', 'long:160']);
  });

  test('stands below the environment, and its paths are relative to the file', () => {
    const folder = newFolder();
    mkdirSync(path.join(folder, 'conf'));
    writeFileSync(path.join(folder, 'conf/team.json'), '{ "data": "../gone" }');
    const args = ['wider', 'hard', '--config', 'conf/team.json', '--limit', '1'];
    expect(run(folder, args).stderr).toMatch(/conf\/team\.json: --data gone .*\n.*gone: /s);
    const byEnvironment = run(folder, args, { env: { RETINABENCH_DATA: path.join(folder, 'elsewhere') } });
    expect(byEnvironment.stderr).toMatch(/elsewhere: /);
    expect(byEnvironment.stderr).not.toMatch(/team\.json/);
    // eval reads no variable, so that one which is set must not take the place of the configuration.
    const evaluated = run(folder, ['eval', '--config', 'conf/team.json'], { env: { RETINABENCH_DATA: 'elsewhere' } });
    expect(evaluated.stderr).toMatch(/conf\/team\.json: --data gone .*\n.*gone: /s);
    expect(evaluated.stderr).not.toMatch(/eval needs --data/);
  });

  test('is left out by a flag that the note names alone where the verb has it', () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "data": "gone", "baseline": "gone.json" }');
    expect(run(folder, ['gate', '--record', 'r.json']).stderr).toContain(
      'retinabench.json: --baseline gone.json (a flag overrides it)\n',
    );
    expect(run(folder, ['wider', 'merge', 'runs']).stderr).toContain(
      'retinabench.json: --data gone (a flag overrides it; --no-config leaves it out)\n',
    );
  });

  test('several models are a list for a verb that takes one, and are refused by one that does not; unknown keys are refused', () => {
    const folder = newFolder();
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "models": ["face-api-tiny", "face-api-ssd-mobilenetv1"] }');
    const { status, stderr } = run(folder, ['wider', 'predict', '--pred', 'p', '--limit', '1']);
    expect([status, existsSync(path.join(folder, 'p'))]).toEqual([2, false]);
    expect(stderr).toMatch(/retinabench\.json: models: wider predict takes one, got 2; name it with --model/);
    writeFileSync(path.join(folder, 'retinabench.json'), '{ "model": "a" }');
    expect(run(folder, ['wider', 'hard']).stderr).toMatch(/got "model"; did you mean models\?/);
    expect(run(folder, ['wider', 'hard', '--limit', '1', '--no-config', '--no-interval']).status).toBe(0);
  });
});

describe('init', () => {
  const files = ['.github', 'gates.json', 'retinabench.json'];

  test('--yes writes files that its own commands take, from flags alone', () => {
    const folder = newFolder();
    const flags = ['--model', 'face-api-tiny', '--scale', 'long:128,160', '--max-drop', '0.5'];
    const { status, stdout } = run(folder, ['init', '--yes', ...flags]);
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(files);
    const config = JSON.parse(readFileSync(path.join(folder, 'retinabench.json'), 'utf8'));
    expect(config).toMatchObject({ models: ['face-api-tiny'], scales: ['long:128', 'long:160'], gates: 'gates.json' });
    const { rules } = parseGateConfig(readFileSync(path.join(folder, 'gates.json'), 'utf8'), 'gates.json');
    // 0.5 points are 0.005 of AP.
    expect(rules.map(({ key, options }) => [key, options])).toEqual(
      ['easy', 'medium', 'hard'].map((split) => [`ap.${split}`, { maxDrop: 0.005 }]),
    );
    // One scale, so that --out is a record that the gate takes.
    writeFileSync(path.join(folder, 'retinabench.json'), JSON.stringify({ ...config, scales: ['long:128'] }));
    runPrinted(folder, stdout);
    expect(stdout).toMatch(
      /the machine of the workflow needs:\n {2}packages: the tarballs .*\n {2}data: none is named/,
    );
  });

  /** Run the three commands that init names, on two images. */
  function runPrinted(folder: string, stdout: string): void {
    const commands = stdout.split('\n').filter((line) => line.startsWith('  npx retinabench '));
    expect(commands).toHaveLength(3);
    for (const command of commands) {
      const args = command.trim().replaceAll("'", '').split(' ').slice(2);
      if (args.includes('all')) args.push('--limit', '2');
      const words = args.join(' ').replace('the first', 'the-first').split(' ');
      expect(run(folder, words)).toMatchObject({ status: 0 });
    }
  }

  const mini = (): Promise<string> => ensureMini({ cacheDir: path.join(root, 'cache') });

  /** Two images of the embedded set in one folder, as photographs lie. */
  async function flatFolder(folder: string): Promise<void> {
    mkdirSync(path.join(folder, 'faces'));
    for (const { file, image } of (await listWiderImages(await mini())).slice(0, 2)) {
      copyFileSync(file, path.join(folder, 'faces', `${image}.jpg`));
    }
  }

  test('images without annotations are refused with what is expected, and nothing is written', async () => {
    const folder = newFolder();
    await flatFolder(folder);
    const { status, stderr } = run(folder, ['init', '--yes', '--data', 'faces', '--model', 'face-api-tiny']);
    expect([status, readdirSync(folder)]).toEqual([2, ['faces']]);
    expect(stderr).toMatch(/faces: expected a data set that can be evaluated/);
    expect(stderr).toMatch(/as WIDER FACE .*ground_truth.*: faces: no images found/);
    expect(stderr).toMatch(/as images with annotations of any known form: .+/);
  });

  test('annotations of another form get eval, whose printed commands run', async () => {
    const folder = newFolder();
    await flatFolder(folder);
    const names = readdirSync(path.join(folder, 'faces'));
    const coco = {
      images: names.map((file_name, index) => ({ id: index + 1, file_name })),
      annotations: names.map((_, index) => ({
        ...{ id: index + 1, image_id: index + 1, category_id: 1, iscrowd: 0 },
        ...{ bbox: [10, 10, 40, 40], area: 1600 },
      })),
      categories: [{ id: 1, name: 'face' }],
    };
    writeFileSync(path.join(folder, 'faces/annotations.json'), JSON.stringify(coco));
    const flags = ['--data', 'faces', '--model', 'face-api-tiny', '--scale', 'long:128'];
    const { status, stdout, stderr } = run(folder, ['init', '--yes', ...flags]);
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('error')]);
    const { rules } = parseGateConfig(readFileSync(path.join(folder, 'gates.json'), 'utf8'), 'gates.json');
    expect(rules.map(({ key }) => key)).toEqual(['detection.ap', 'detection.ap50']);
    const workflow = readFileSync(path.join(folder, '.github/workflows/retinabench.yml'), 'utf8');
    expect(workflow).toContain('- run: npx retinabench eval --out results/detection/head.json');
    expect(workflow).toContain('# - data: "faces" at this place from retinabench.json; commit it');
    runPrinted(folder, stdout);
  });

  test('a root in the layout of WIDER FACE gets wider all', async () => {
    const folder = newFolder();
    cpSync(await mini(), path.join(folder, 'set'), { recursive: true });
    const { status, stdout } = run(folder, ['init', '--yes', '--data', 'set', '--model', 'face-api-tiny']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('npx retinabench wider all --out')]);
  });

  const shared = path.resolve(import.meta.dirname, '../../../..', process.env.RETINABENCH_SHARED ?? '../shared');
  test.skipIf(!existsSync(path.join(shared, 'models')))(
    'a model that has to be pulled is pulled by the workflow, or named with what to do (needs the shared data folder)',
    () => {
      const initialise = (...flags: string[]) => {
        const folder = newFolder();
        const { status, stdout } = run(folder, ['init', '--yes', ...flags], { env: { RETINABENCH_SHARED: shared } });
        expect(status).toBe(0);
        return { stdout, workflow: readFileSync(path.join(folder, '.github/workflows/retinabench.yml'), 'utf8') };
      };
      const pulled = initialise('--model', 'yunet-n');
      const [pull, evaluation] = ['models pull yunet-n --accept-licence\n', 'wider all --out'].map((command) =>
        pulled.workflow.indexOf(`      - run: npx retinabench ${command}`),
      );
      expect(pull).toBeGreaterThan(0);
      expect(evaluation).toBeGreaterThan(pull);
      expect(pulled.stdout).toContain('model: yunet-n, which the workflow pulls; by --accept-licence you agree');
      // Its publisher gives no lasting URL.
      const kept = initialise('--model', 'scrfd-500m');
      expect(kept.workflow).not.toMatch(/^ *- run: .*models pull/m);
      expect(kept.workflow).toContain('# - model: scrfd-500m, which cannot be downloaded');
      expect(initialise('--model', 'retinaface-rb025').workflow).not.toMatch(/model:/);
    },
  );

  test('asks five questions; Enter takes what stands in brackets', () => {
    const folder = newFolder();
    const { status, stderr } = run(folder, ['init'], { input: '\nface-api-tiny\nlong:128\n\nnone\n' });
    expect(stderr.match(/\?/g)).toHaveLength(5);
    expect(status).toBe(0);
    expect(readdirSync(folder).sort()).toEqual(['gates.json', 'retinabench.json']);
    expect(JSON.parse(readFileSync(path.join(folder, 'retinabench.json'), 'utf8')).scales).toEqual(['long:128']);
  });

  test.each([
    ['a file that is there', 'gates.json', /gates\.json: is there already, and init overwrites nothing/],
    ['a workflow that is there', '.github/workflows/retinabench.yml', /retinabench\.yml: is there already/],
  ])('%s is left as it is', (_, name, message) => {
    const folder = newFolder();
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), 'mine');
    const { status, stderr } = run(folder, ['init', '--yes']);
    expect(stderr).toMatch(message);
    expect([status, readFileSync(path.join(folder, name), 'utf8')]).toEqual([2, 'mine']);
    expect(existsSync(path.join(folder, 'retinabench.json'))).toBe(false);
  });

  test('writes nothing for a model or a folder that is not there, or where nobody answers', () => {
    const folder = newFolder();
    expect(run(folder, ['init', '--yes', '--model', 'no-such-model']).stderr).toMatch(/no-such-model/);
    expect(run(folder, ['init', '--yes', '--data', 'gone']).stderr).toMatch(/gone: expected the root of a data set/);
    expect(run(folder, ['init']).stderr).toMatch(/got the end of standard input; add --yes to ask nothing/);
    expect(readdirSync(folder)).toEqual([]);
  });
});
