import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const program = path.resolve('packages/cli/dist/main.js');
const shared = path.resolve(process.env.RETINABENCH_SHARED ?? '../shared', 'models');

let work: string;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-models-'));
});

afterEach(() => rm(work, { recursive: true }));

function run(args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [program, 'models', ...args], {
    env: {
      ...process.env,
      RETINABENCH_CACHE: path.join(work, 'cache'),
      RETINABENCH_SHARED: path.join(work, 'none'),
      RETINABENCH_MIRROR: '',
      ...env,
    },
    encoding: 'utf8',
  });
}

describe('retinabench models pull', () => {
  it('shows the licences and gets nothing until they are accepted, exit code 2', () => {
    const { status, stderr } = run(['pull', 'scrfd-500m', 'retinaface-mnet025']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/scrfd-500m: research only; retinaface-mnet025: MIT\. If you agree, add --accept-licence/);
  });

  it('names the models that it knows when asked for another or an embedded one', () => {
    expect(run(['pull', 'nothing'])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/expected one of retinaface/),
    });
    expect(run(['pull', 'face-api-tiny', '--accept-licence'])).toMatchObject({ status: 2 });
  });

  it('says at once that a model without URL cannot be downloaded, and how to give its file, exit code 2', () => {
    const { status, stderr } = run(['pull', 'scrfd-500m', '--accept-licence']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/no lasting URL.*get scrfd_500m_kps\.onnx.*pass --from with the folder that holds it/);
    expect(stderr).not.toMatch(/resume/);
  });

  it('asks whether a name close to one that it knows is meant', () => {
    expect(run(['pull', 'yunet', '--accept-licence']).stderr).toMatch(/did you mean yunet-n\?/);
  });

  it('refuses wrong bytes and leaves no model behind', async () => {
    const mirror = path.join(work, 'mirror');
    await mkdir(path.join(mirror, 'models'), { recursive: true });
    await writeFile(path.join(mirror, 'models', 'scrfd_500m_kps.onnx'), Buffer.alloc(2_524_095, 1));
    const { status, stderr } = run(['pull', 'scrfd-500m', '--accept-licence'], { RETINABENCH_MIRROR: mirror });
    expect(status).toBe(2);
    expect(stderr).toMatch(/wrong bytes.*expected sha256 517cb198/);
    expect((await readdir(path.join(work, 'cache'))).filter((name) => name.startsWith('models-'))).toEqual([]);
  });

  it.skipIf(!existsSync(shared))(
    'gets an .onnx and imports a checkpoint from a folder; --model finds both afterwards (needs the shared data folder)',
    async () => {
      const pulled = run(['pull', 'yunet-n', 'retinaface-1mb-slim', '--accept-licence', '--from', shared, '--json']);
      expect(pulled.status).toBe(0);
      const { models } = JSON.parse(pulled.stdout) as { models: { id: string; onnx: string; sha256: string }[] };
      expect(models.map(({ id }) => id)).toEqual(['yunet-n', 'retinaface-1mb-slim']);
      expect(models[0].sha256).toMatch(/^104ee26c/);
      expect((await readdir(path.dirname(models[1].onnx))).sort()).toEqual([
        'retinaface-1mb-slim.card.json',
        'retinaface-1mb-slim.onnx',
        'yunet-n.card.json',
        'yunet-n.onnx',
      ]);
      const listed = JSON.parse(run(['list', '--json']).stdout) as { models: { id: string; state: string }[] };
      const stateOf = (id: string) => listed.models.find((model) => model.id === id)?.state;
      expect(stateOf('yunet-n')).toBe('cached');
      expect(stateOf('retinaface-1mb-slim')).toBe('cached');
      expect(stateOf('scrfd-500m')).toBe('absent');
    },
  );
});
