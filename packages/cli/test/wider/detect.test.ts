import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { catalogue, defaultModelId } from '@retinabench/models';
import { parseRecord, type ResultRecord } from '@retinabench/results';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const root = mkdtempSync(path.join(os.tmpdir(), 'wider-detect-'));
const cacheDir = path.join(root, 'cache');
const data = path.join(root, 'data');
const work = path.join(root, 'work');
const environment = { ...process.env, RETINABENCH_CACHE: cacheDir, RETINABENCH_DATA: '' };
const event = '0--Faces';

/** A data set of four images of `mini`, in WIDER FACE's layout. */
beforeAll(async () => {
  const mini = await ensureMini({ cacheDir });
  const truth = JSON.parse(readFileSync(path.join(mini, 'ground_truth', 'wider_face_val.json'), 'utf8')) as {
    version: number;
    images: { name: string }[];
  };
  const chosen = (await listWiderImages(mini)).filter((_, index) => index % 21 === 3).slice(0, 4);
  const images = chosen.map(({ event: from, image, file }) => {
    mkdirSync(path.join(data, 'WIDER_val', 'images', event), { recursive: true });
    cpSync(file, path.join(data, 'WIDER_val', 'images', event, `${image}.jpg`));
    const annotated = truth.images.find(({ name }) => name === `${from}/${image}`);
    return { ...annotated, name: `${event}/${image}` };
  });
  mkdirSync(path.join(data, 'ground_truth'));
  writeFileSync(path.join(data, 'ground_truth', 'wider_face_val.json'), JSON.stringify({ version: 1, images }));
  mkdirSync(work);
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [program, ...args], { cwd: work, env: environment, encoding: 'utf8' });
}

function recordOf(file: string): ResultRecord {
  return parseRecord(readFileSync(path.resolve(work, file), 'utf8'), file);
}

describe('wider hard', () => {
  test('prints AP with its protocol id, and says that mini is not WIDER FACE', () => {
    const { status, stdout } = run('wider', 'hard', '--limit', '2', '--out', 'mini.json');
    expect(status).toBe(0);
    const { ap, protocol, dataset } = recordOf('mini.json');
    expect(stdout).toContain(ap?.hard?.toFixed(4));
    expect(stdout).toContain(`protocol ${protocol.id}`);
    expect(stdout).toMatch(/It is not WIDER FACE/);
    expect(stdout).toMatch(/the first 2 of \d+ images/);
    expect(dataset).toMatchObject({ name: 'mini', images: 2 });
  });

  test('gives the score that wider score gives to the files of wider predict, and both resume', () => {
    const all = run('wider', 'all', '--data', data, '--out', 'all.json', '--json', '--no-interval');
    expect(all.status).toBe(0);
    const printed = JSON.parse(all.stdout) as ResultRecord;
    expect(printed).toEqual(recordOf('all.json'));
    expect(run('wider', 'predict', '--data', data, '--pred', 'pred').status).toBe(0);
    const truth = path.join(data, 'ground_truth');
    expect(run('wider', 'score', '--pred', 'pred', '--gt', truth, '--no-interval', '--out', 'scored.json').status).toBe(
      0,
    );
    expect(recordOf('scored.json').ap).toEqual(printed.ap);
    const again = run('wider', 'all', '--data', data, '--out', 'again.json', '--no-interval');
    expect(again.stderr).toContain('resumed: 4 of 4 images');
    expect(recordOf('again.json').ap).toEqual(printed.ap);
  });

  test('shards merge to the whole', () => {
    for (const shard of ['1', '2']) {
      expect(run('wider', 'predict', '--data', data, '--shard', `${shard}/2`, '--pred', `shard${shard}`).status).toBe(
        0,
      );
    }
    const alone = run('wider', 'merge', 'shard1', '--data', data, '--out', 'alone.json');
    expect(alone.status).toBe(2);
    expect(alone.stderr).toMatch(/2 of 4 images are in none of the folders; run the missing shards/);
    expect(existsSync(path.join(work, 'alone.json'))).toBe(false);
    expect(
      run('wider', 'merge', 'shard2', 'shard1', '--data', data, '--no-interval', '--out', 'merged.json').status,
    ).toBe(0);
    expect(run('wider', 'all', '--data', data, '--no-interval', '--out', 'whole.json').status).toBe(0);
    const [merged, whole] = ['merged.json', 'whole.json'].map(recordOf);
    expect(merged.ap).toEqual(whole.ap);
    expect(merged.images).toEqual(whole.images);
    expect(merged.protocol.id).toBe(whole.protocol.id);
  });

  test('goes on after SIGKILL, and ends with the bytes of an undisturbed run', async () => {
    const args = ['wider', 'predict', '--data', data, '--workers', '1', '--pred', 'killed'];
    const log = path.join(work, 'killed', '.retinabench', 'detections.jsonl');
    const child = spawn(process.execPath, [program, ...args], { cwd: work, env: environment });
    await new Promise<void>((resolve) => {
      child.on('exit', () => resolve());
      const poll = setInterval(() => {
        if (!existsSync(log) || readFileSync(log).length === 0) return;
        clearInterval(poll);
        child.kill('SIGKILL');
      }, 5);
    });
    expect(run(...args).status).toBe(0);
    expect(run('wider', 'predict', '--data', data, '--pred', 'calm').status).toBe(0);
    const files = readdirSync(path.join(work, 'calm', event));
    expect(files).toHaveLength(4);
    for (const file of files) {
      const [killed, calm] = ['killed', 'calm'].map((folder) =>
        readFileSync(path.join(work, folder, event, file), 'utf8'),
      );
      expect(killed).toBe(calm);
    }
    const images = readFileSync(log, 'utf8')
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { image: string }).image);
    expect(new Set(images).size).toBe(images.length);
  });

  test('reports a corrupt JPEG, scores the rest, and exits 2 with --strict', () => {
    const spoiled = path.join(root, 'spoiled');
    cpSync(data, spoiled, { recursive: true });
    const [file] = readdirSync(path.join(spoiled, 'WIDER_val', 'images', event));
    const place = path.join(spoiled, 'WIDER_val', 'images', event, file);
    writeFileSync(place, readFileSync(place).subarray(0, 3000));
    const { status, stderr, stdout } = run('wider', 'hard', '--data', spoiled, '--out', 'spoiled.json');
    expect(status).toBe(0);
    expect(stderr).toContain(
      `not detected: ${event}/${path.parse(file).name}: ${place}: expected an image that decodes`,
    );
    expect(stdout).toContain('1 of 4 images could not be detected and are left out of the score');
    expect(recordOf('spoiled.json').dataset?.images).toBe(3);
    expect(run('wider', 'hard', '--data', spoiled, '--strict', '--out', 'spoiled.json').status).toBe(2);
  });
});

describe.skipIf(process.platform !== 'linux')('a worker that dies', () => {
  /**
   * Kill each worker of `parent` with SIGSEGV that has opened the pipe, until `isRunning` says no. After the second the image is
   * back in its place, for whom else reads it.
   *
   * @returns how many.
   */
  async function crashWhoOpens(
    { pipe, image }: { readonly pipe: string; readonly image: string },
    parent: number,
    isRunning: () => boolean,
  ): Promise<number> {
    const killed = new Set<string>();
    // With a writer that writes nothing, who reads the pipe waits.
    const writer = await open(pipe, 'r+');
    while (isRunning() && killed.size < 2) {
      for (const worker of childrenOf(parent)) {
        if (killed.has(worker) || !filesOf(worker).includes(pipe)) continue;
        killed.add(worker);
        try {
          process.kill(Number(worker), 'SIGSEGV');
        } catch {
          // It has ended by now.
        }
      }
      await sleep(10);
    }
    renameSync(image, pipe);
    await writer.close();
    return killed.size;
  }

  /** The processes that a process has started; none if it has ended. */
  function childrenOf(pid: number): string[] {
    try {
      return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
    } catch {
      return [];
    }
  }

  /** The files that a process has open; none if it has ended. */
  function filesOf(pid: string): string[] {
    try {
      return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
        try {
          return [readlinkSync(`/proc/${pid}/fd/${fd}`)];
        } catch {
          return [];
        }
      });
    } catch {
      return [];
    }
  }

  /** Run on images of which one becomes a pipe, and kill each worker that reads it. */
  async function runOnPipe(attempt: number) {
    const [deadly, folder] = ['deadly', 'deadly-run'].map((name) => path.join(root, `${name}-${attempt}`));
    mkdirSync(folder);
    cpSync(data, deadly, { recursive: true });
    const [, file] = readdirSync(path.join(deadly, 'WIDER_val', 'images', event)).sort();
    const pipe = path.join(deadly, 'WIDER_val', 'images', event, file);
    expect(spawnSync('mkfifo', [`${pipe}.new`]).status).toBe(0);
    const args = ['wider', 'all', '--data', deadly, '--workers', '1', '--no-interval', '--out', 'deadly.json'];
    const child = spawn(process.execPath, [program, ...args], { cwd: folder, env: environment });
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    const closed = new Promise((resolve) => child.on('close', resolve));
    // The pipe takes the image's place once the data set is listed, while the worker still loads its model.
    const begun = (): boolean => readdirSync(folder, { recursive: true }).some((name) => /\.jsonl$/.test(String(name)));
    await waitUntil('the list of images', begun, { everyMs: 1, said: () => said });
    cpSync(pipe, `${pipe}.old`);
    renameSync(`${pipe}.new`, pipe);
    let running = true;
    const places = { pipe: realpathSync(pipe), image: `${pipe}.old` };
    const crashing = crashWhoOpens(places, child.pid as number, () => running);
    const status = await closed;
    running = false;
    return { status, said, image: `${event}/${path.parse(file).name}`, folder, killed: await crashing };
  }

  test('twice with one image counts it as one without detections, names it in the record, and ends with exit code 3', async () => {
    let ran = await runOnPipe(1);
    // A worker that was faster has read the image itself.
    for (let attempt = 2; ran.killed === 0 && attempt <= 10; attempt++) ran = await runOnPipe(attempt);
    const { status, said, image, folder, killed } = ran;
    expect(killed, said).toBe(2);
    expect(status).toBe(3);
    expect(said).toContain(`quarantined: ${image}: its worker process died twice (SIGSEGV)`);
    const { dataset, warnings } = recordOf(path.join(folder, 'deadly.json'));
    expect(dataset?.images).toBe(4);
    expect(warnings?.join()).toContain(
      `1 of 4 images killed their worker process twice, are quarantined and count as images without detections: ${image};`,
    );
  });
});

describe('bad input ends with its exit code and a sentence that says what to do', () => {
  const cases: [what: string, args: () => string[], status: number, message: RegExp][] = [
    ['a data folder that is missing', () => ['hard', '--data', 'nowhere'], 3, /nowhere: no such folder/],
    [
      'a data folder that is empty',
      () => {
        mkdirSync(path.join(work, 'empty'), { recursive: true });
        return ['hard', '--data', 'empty'];
      },
      2,
      /no images found/,
    ],
    [
      'an output that cannot be written',
      () => {
        writeFileSync(path.join(work, 'file'), '');
        return ['predict', '--data', data, '--pred', 'file/pred'];
      },
      3,
      /cannot write .*choose a folder that you may write to/,
    ],
    ['an unknown model', () => ['hard', '--model', 'retinanet'], 2, /model retinanet: expected one of/],
    [
      'an .onnx without a card',
      () => {
        writeFileSync(path.join(work, 'bare.onnx'), 'text');
        return ['hard', '--model', 'bare.onnx'];
      },
      2,
      /bare\.card\.json: .*a model needs its card beside it/,
    ],
    [
      'an .onnx that is none',
      () => {
        const sha256 = createHash('sha256').update('text').digest('hex');
        const card = { ...catalogue.get(defaultModelId)?.card, sha256 };
        writeFileSync(path.join(work, 'text.onnx'), 'text');
        writeFileSync(path.join(work, 'text.card.json'), JSON.stringify(card));
        return ['hard', '--model', 'text.onnx'];
      },
      2,
      /cannot load the model/,
    ],
    [
      'an unknown backend',
      () => ['hard', '--backend', 'tflite'],
      3,
      /backend tflite: not known; choose one of ort-node/,
    ],
    ['an unknown scale rule', () => ['hard', '--scale', 'huge'], 2, /scale rule: expected original/],
    ['a shard out of range', () => ['hard', '--shard', '3/2'], 2, /--shard: expected i\/n/],
    ['an unknown flag', () => ['hard', '--modle', 'x'], 2, /unknown option '--modle'/],
    [
      'a prediction folder with files of somebody else',
      () => ['predict', '--data', data, '--pred', data],
      2,
      /no run of RetinaBench left/,
    ],
  ];

  test.each(cases)('%s', (_, args, expected, message) => {
    const { status, stderr } = run('wider', ...args());
    expect(stderr).toMatch(message);
    expect(status).toBe(expected);
    expect(stderr).not.toMatch(/ {4}at /);
  });
});
