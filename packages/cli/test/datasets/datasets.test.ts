import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

const program = path.resolve('packages/cli/dist/main.js');

let work: string;
let env: NodeJS.ProcessEnv;

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-cli-'));
  env = { ...process.env, RETINABENCH_CACHE: path.join(work, 'cache') };
  delete env.RETINABENCH_DATA;
  delete env.RETINABENCH_MIRROR;
});

afterEach(() => rm(work, { recursive: true }));

function run(args: readonly string[], more: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, 'datasets', ...args], {
    env: { ...env, ...more },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const content = Buffer.from('a picture, so to speak');

async function writeManifest(url: string, more: object = {}): Promise<string> {
  const file = path.join(work, 'small.json');
  const sha256 = createHash('sha256').update(content).digest('hex');
  const manifest = {
    version: 1,
    name: 'small',
    title: 'A small data set',
    homepage: 'http://example.org/',
    licence: { name: 'CC0', url: 'http://example.org/cc0', summary: 'Do as you like.' },
    files: [{ name: 'a.jpg', urls: [url], sizeBytes: content.length, sha256, place: 'images/a.jpg', ...more }],
    unpackedBytes: 100,
    expected: { imageFolder: 'images', images: 1, files: [] },
  };
  await writeFile(file, JSON.stringify(manifest));
  return file;
}

describe('retinabench datasets list', () => {
  it('names every data set with licence and state, as a table and as JSON', () => {
    const { status, stdout, stderr } = run(['list', '--json']);
    expect(status).toBe(0);
    const states = JSON.parse(stdout) as { name: string; state: string; images: number }[];
    expect(states.map(({ name }) => name)).toEqual(['mini', 'wider-val', 'wider-train', 'wider-test', 'lfw', 'ijbc']);
    expect(states[1]).toMatchObject({ images: 3226, state: 'pull', licence: 'CC BY-NC-ND 4.0' });
    expect(stderr).toMatch(/wider-val +3,226 +375 MB/);
    expect(run(['list']).stdout).toMatch(/mini +86 .*built on first use/);
  });
});

describe('retinabench datasets pull', () => {
  it('asks for the licence first, with exit code 2', async () => {
    const { status, stdout, stderr } = run(['pull', await writeManifest('http://127.0.0.1:9/a.jpg')]);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/licence: CC0 .*add --accept-licence/);
  });

  it('pulls from a mirror folder, prints the root, and knows the data set afterwards', async () => {
    const manifest = await writeManifest('http://127.0.0.1:9/a.jpg');
    const mirror = path.join(work, 'mirror');
    await mkdir(path.join(mirror, 'small'), { recursive: true });
    await writeFile(path.join(mirror, 'small', 'a.jpg'), content);
    const first = run(['pull', manifest, '--accept-licence', '--json'], { RETINABENCH_MIRROR: mirror });
    expect(first.status).toBe(0);
    const root = path.join(work, 'cache', 'datasets', 'small');
    expect(JSON.parse(first.stdout)).toMatchObject({
      name: 'small',
      root,
      alreadyThere: false,
      files: [{ name: 'a.jpg', verifiedBy: 'manifest' }],
    });
    expect(await readFile(path.join(root, 'images', 'a.jpg'))).toEqual(content);
    const second = run(['pull', manifest, '--accept-licence']);
    expect(second).toMatchObject({ status: 0, stdout: `already here: ${root} (--fresh pulls again)\n` });
  });

  it('says that a hash is pinned where none is known', async () => {
    const manifest = await writeManifest('http://127.0.0.1:9/a.jpg', { sha256: undefined, sizeBytes: undefined });
    await writeFile(path.join(work, 'a.jpg'), content);
    const { status, stderr } = run(['pull', manifest, '--accept-licence', '--from', work]);
    expect(status).toBe(0);
    expect(stderr).toMatch(/size unknown, hash not known: pinned on first use/);
    expect(stderr).toMatch(/a\.jpg: pinned as sha256 [0-9a-f]{64}/);
  });

  it('exits 2 on wrong bytes, an unknown name and a mirror that is no URL, 3 on a gated data set, with the next step', async () => {
    await writeFile(path.join(work, 'a.jpg'), 'x'.repeat(content.length));
    const wrong = run(['pull', await writeManifest('file:///missing/a.jpg'), '--accept-licence', '--from', work]);
    expect(wrong.status).toBe(2);
    expect(wrong.stderr).toMatch(/a\.jpg: wrong bytes.*expected sha256/);
    expect(run(['pull', 'wider'])).toMatchObject({ status: 2, stderr: expect.stringMatching(/known are wider-val/) });
    expect(run(['pull', 'lfw', '--accept-licence'], { RETINABENCH_MIRROR: 'ftp://example.org' }).status).toBe(2);
    expect(run(['pull', 'ijbc'])).toMatchObject({ status: 3, stderr: expect.stringMatching(/1\. Apply for IJB-C/) });
  });

  describe('of a server that never finishes', () => {
    let server: Server;
    let manifest: string;

    beforeEach(async () => {
      server = createServer((_request, response) => {
        response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 5));
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      manifest = await writeManifest(`http://127.0.0.1:${(server.address() as AddressInfo).port}/a.jpg`);
    });

    afterEach(async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });

    function start() {
      const child = spawn(process.execPath, [program, 'datasets', 'pull', manifest, '--accept-licence'], { env });
      let stderr = '';
      child.stderr.on('data', (chunk: Buffer) => {
        stderr += chunk.toString();
      });
      const closed = new Promise<{ code: number | null; stderr: string }>((resolve) => {
        child.on('close', (code) => resolve({ code, stderr }));
      });
      return { child, closed };
    }

    async function waitForPart(during: Promise<unknown>): Promise<string> {
      const part = path.join(work, 'cache', 'downloads', 'small', 'a.jpg.part');
      const sizeOf = (): Promise<number> =>
        stat(part).then(
          ({ size }) => size,
          () => 0,
        );
      await waitUntil('the first bytes of the download', async () => (await sizeOf()) === 5, { during });
      return part;
    }

    it('ends on Ctrl-C with the part kept and a word on how to go on', async () => {
      const { child, closed } = start();
      const part = await waitForPart(closed);
      child.kill('SIGINT');
      const { code, stderr } = await closed;
      expect(code).toBe(130);
      expect(stderr).toMatch(/interrupted; run it again to resume/);
      expect((await stat(part)).size).toBe(5);
      expect(await readdir(path.join(work, 'cache', 'locks', 'small'))).toEqual([]);
    });

    it('refuses a second pull of the same data set meanwhile', async () => {
      const { child, closed } = start();
      await waitForPart(closed);
      const second = run(['pull', manifest, '--accept-licence']);
      expect(second).toMatchObject({ status: 3, stderr: expect.stringMatching(/in use by process/) });
      child.kill('SIGKILL');
      await closed;
    });
  });
});

describe('retinabench datasets check', () => {
  it('builds and checks the embedded set when nothing is named', () => {
    const { status, stdout } = run(['check', '--json', '--quiet']);
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'detection', present: 86, expected: 86, complete: true });
  });

  it('exits 0 for a part unless --strict, 2 for corrupt images or a wrong layout, 3 for no folder', async () => {
    const root = path.join(work, 'wider');
    await mkdir(path.join(root, 'WIDER_val', 'images', '0--A'), { recursive: true });
    await writeFile(path.join(root, 'wider_face_val_bbx_gt.txt'), '0--A/a.jpg\n0\n0--A/b.jpg\n0\n');
    await writeFile(path.join(root, 'WIDER_val', 'images', '0--A', 'a.jpg'), 'no picture');
    const part = run(['check', root, '--quick']);
    expect(part.status).toBe(0);
    expect(part.stdout).toMatch(/missing +1 +0--A\/b\.jpg/);
    expect(part.stderr).toMatch(/a part of the data set/);
    expect(run(['check', root, '--quick', '--strict']).status).toBe(2);
    const corrupt = run(['check', root]);
    expect(corrupt.status).toBe(2);
    expect(corrupt.stdout).toMatch(/corrupt +1 +0--A\/a\.jpg \(.+\)[\s\S]*fix: retinabench datasets pull/);
    expect(run(['check', work])).toMatchObject({
      status: 2,
      stdout: expect.stringMatching(/fix: retinabench datasets check/),
    });
    expect(run(['check', path.join(work, 'none')]).status).toBe(3);
  });

  it('exits 2 for annotations that the evaluation refuses, and 0 once they are whole', async () => {
    const root = path.join(work, 'own');
    await mkdir(path.join(root, 'WIDER_val', 'images', '0--Own'), { recursive: true });
    await mkdir(path.join(root, 'ground_truth'));
    await writeFile(path.join(root, 'WIDER_val', 'images', '0--Own', 'a.jpg'), 'no picture');
    const annotate = (face: object): Promise<void> =>
      writeFile(
        path.join(root, 'ground_truth', 'wider_face_val.json'),
        JSON.stringify({ version: 1, images: [{ name: '0--Own/a', faces: [face] }] }),
      );
    const face = { box: [1, 2, 30, 40], splits: ['easy', 'medium', 'hard'] };
    await annotate(face);
    const refused = run(['check', root, '--quick']);
    expect(refused.status).toBe(2);
    expect(refused.stdout).toMatch(
      /own: not complete[\s\S]*ground truth cannot be read: .*faces\[0\]\.blur.*\n {2}fix: /,
    );
    await annotate({ ...face, blur: 0, expression: 0, illumination: 0, occlusion: 0, pose: 0, invalid: 0 });
    const whole = run(['check', root, '--quick']);
    expect([whole.status, whole.stdout]).toEqual([0, expect.stringMatching(/own: complete/)]);
  });
});
