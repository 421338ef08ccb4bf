import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type DetectedImages, detectImages, memoryRun } from '@retinabench/backends/runs';
import { ensureMini, listWiderImages } from '@retinabench/datasets';
import { defaultModelId } from '@retinabench/models';
import { resolveModel } from '@retinabench/models/node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitUntil } from '../../../../tools/tests/wait-until.js';
import { findBrowser } from '../../src/browsers/launch/find-browser.js';

const canRun = os.platform() === 'linux' && 'version' in findBrowser('chromium');
const before = process.env.TMPDIR;
let cacheFolder: string;
let temporary: string;
let undisturbed: DetectedImages;

/** Detect on the first images of the embedded set, in Chromium. */
async function detect(): Promise<DetectedImages> {
  const mini = await listWiderImages(await ensureMini({ cacheDir: cacheFolder }));
  return detectImages({
    model: await resolveModel(defaultModelId, { cacheFolder, sharedFolder: cacheFolder }),
    backend: 'chromium/ort-wasm',
    threads: 1,
    asked: { scoreFloor: 0.3, scale: { kind: 'long', longSidePx: 160 } },
    boxRounding: 'none',
    images: mini.slice(0, 3).map(({ file }, index) => ({ image: `${index}.jpg`, file })),
    workers: 1,
    run: memoryRun(),
    onProgress: () => undefined,
  });
}

/** The browser that was started, once its keeper has said which it is. */
function browserPid(): number | undefined {
  for (const name of readdirSync(temporary).filter((entry) => entry.startsWith('retinabench-browser-'))) {
    try {
      const owner = readFileSync(path.join(temporary, name, 'owner.json'), 'utf8');
      return (JSON.parse(owner) as { browser?: number }).browser;
    } catch {
      // It is being written, or removed.
    }
  }
  return undefined;
}

/** The processes of a type that a browser has started: they share its group. */
function childrenOf(browser: number, type: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const group = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ')[2];
        return Number(group) === browser && readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(`--type=${type}`);
      } catch {
        return false;
      }
    });
}

function kill(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

describe.skipIf(!canRun)('a run in Chromium (skipped where it is absent, and outside Linux)', () => {
  beforeAll(async () => {
    cacheFolder = mkdtempSync(path.join(os.tmpdir(), 'lost-cache-'));
    temporary = mkdtempSync(path.join(os.tmpdir(), 'lost-'));
    process.env.TMPDIR = temporary;
    undisturbed = await detect();
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    for (const folder of [cacheFolder, temporary]) rmSync(folder, { recursive: true, force: true });
  });

  test.each(['browser', 'renderer', 'gpu-process'])(
    'whose %s is killed as soon as it is there, while the model loads, does all images',
    async (what) => {
      await waitUntil('the end of the browser before', () => browserPid() === undefined);
      const running = detect();
      const during = { during: running, everyMs: 5 };
      const browser = await waitUntil('a browser', browserPid, during);
      const victims =
        what === 'browser'
          ? [browser]
          : await waitUntil(
              `a process of type ${what}`,
              () => {
                const found = childrenOf(browser, what);
                return found.length > 0 && found;
              },
              during,
            );
      kill(victims);
      const { detected, failed } = await running;
      expect(failed).toEqual([]);
      expect(detected.map(({ image, detections }) => [image, detections])).toEqual(
        undisturbed.detected.map(({ image, detections }) => [image, detections]),
      );
      expect(detected).toHaveLength(3);
    },
  );
});
