import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { importCheckpoint, type ModelCard } from '@retinabench/models';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type DetectionProtocol,
  type Detections,
  decodeImage,
  FaceDetector,
  loadBackend,
  parseScaleRule,
  type RgbImage,
  resolveProtocol,
} from '../../src/index.js';
import { compareDetections } from '../../src/parity/compare-detections.js';
import { browserBackends } from '../../src/runtimes/browser-backends.js';
import { smallDetector } from '../fixtures/small-detector.js';
import { sharedFolder, sharedPresent } from '../shared.js';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // WebGL and WebGPU on the processor, since there is no GPU to test on.
  '--enable-unsafe-swiftshader',
  '--enable-unsafe-webgpu',
  '--use-webgpu-adapter=swiftshader',
  '--enable-features=Vulkan',
];
const packageRoot = fileURLToPath(new URL('../..', import.meta.url));
const pageFolder = path.join(packageRoot, 'dist/page');
const types: Readonly<Record<string, string>> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
};

const all = Object.keys(browserBackends);

/** What the page is asked to detect on. */
interface Case {
  readonly model: Uint8Array;
  readonly card: ModelCard;
  readonly image: RgbImage;
  readonly asked: Partial<DetectionProtocol>;
  readonly backends: readonly string[];
}

/** What comes back of each backend. */
type PageRun = { id: string; reason: string } | { id: string; scores: number[]; boxes: number[] };

/** The small detector on every backend. */
function smallCase(): Case {
  return { ...smallDetector(), asked: { scoreFloor: 0.02 }, backends: all };
}

async function sharedCase(): Promise<Case> {
  const name = 'retinaface-mnet025';
  const { onnx, card } = importCheckpoint(readFileSync(path.join(sharedFolder, `models/${name}.pth`)), name, name);
  const images = path.join(sharedFolder, 'datasets/wider/WIDER_val/images');
  const list = readFileSync(path.join(sharedFolder, 'datasets/wider/quarter.txt'), 'utf8').split('\n');
  const first = list.map((line) => line.trim()).filter((line) => line !== '')[0];
  const file = path.join(images, first.endsWith('.jpg') ? first : `${first}.jpg`);
  return {
    model: onnx,
    card,
    image: await decodeImage(file, file),
    asked: { scoreFloor: 0.5, scale: parseScaleRule('long:320') },
    // WebGPU on the processor takes a minute.
    backends: all.filter((id) => !id.startsWith('ort-webgpu')),
  };
}

async function detectInNode({ model, card, image, asked }: Case): Promise<Detections> {
  const session = await (await loadBackend('ort-node')).createSession(model, 'model.onnx', { threads: 1 });
  const detections = await new FaceDetector(card, session, resolveProtocol(asked, card)).detect(image);
  await session.dispose();
  return detections;
}

describe.skipIf(!existsSync(executable))(`the page in Chromium (skipped where ${executable} is absent)`, () => {
  let browser: Browser;
  let server: Server;
  const served = new Map<string, Uint8Array>();

  beforeAll(async () => {
    execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: packageRoot, stdio: 'ignore' });
    server = createServer((request, response) => {
      const name = path.basename(new URL(request.url ?? '/', 'http://localhost').pathname) || 'index.html';
      const file = path.join(pageFolder, name);
      const body = served.get(name) ?? (existsSync(file) ? readFileSync(file) : undefined);
      response.writeHead(body ? 200 : 404, { 'content-type': types[path.extname(name)] ?? 'application/octet-stream' });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    browser = await chromium.launch({ executablePath: executable, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
  });

  async function openPage(): Promise<Page> {
    const page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
    await page.waitForFunction(() => 'retinabench' in globalThis);
    return page;
  }

  async function detectInPage(page: Page, { model, card, image, asked, backends }: Case): Promise<PageRun[]> {
    served.set('test.onnx', model);
    served.set('test.rgb', image.data);
    const { widthPx, heightPx } = image;
    return page.evaluate(
      async ({ card, widthPx, heightPx, asked, backends }) => {
        const bytes = async (name: string) => new Uint8Array(await (await fetch(name)).arrayBuffer());
        const { retinabench } = globalThis as unknown as {
          retinabench: {
            runBackends(input: object): Promise<({ id: string } & ({ reason: string } | { detections: Detections }))[]>;
          };
        };
        const runs = await retinabench.runBackends({
          model: await bytes('test.onnx'),
          card,
          image: { widthPx, heightPx, data: await bytes('test.rgb') },
          asked,
          backends,
        });
        return runs.map((run) => {
          if (!('detections' in run)) return { id: run.id, reason: run.reason };
          return { id: run.id, scores: [...run.detections.scores], boxes: [...run.detections.boxesXyxy] };
        });
      },
      { card, widthPx, heightPx, asked, backends },
    );
  }

  async function expectNodesResult(input: Case): Promise<void> {
    const expected = await detectInNode(input);
    expect(expected.count).toBeGreaterThan(0);
    const runs = await detectInPage(await openPage(), input);
    expect(runs.map(({ id }) => id)).toEqual(input.backends);
    for (const run of runs) {
      if (!('scores' in run)) throw new Error(`${run.id}: ${run.reason}`);
      const actual = {
        count: run.scores.length,
        scores: Float32Array.from(run.scores),
        boxesXyxy: Float32Array.from(run.boxes),
      };
      const difference = compareDetections(expected, actual);
      const { absolute, boxPx } = (await browserBackends[run.id as keyof typeof browserBackends]()).tolerance;
      expect(difference.unmatched, run.id).toBe(0);
      expect(difference.scoreMaxAbsolute, run.id).toBeLessThanOrEqual(absolute);
      expect(difference.boxMaxPx, run.id).toBeLessThanOrEqual(boxPx);
    }
  }

  test('a small detector finds on every backend of the browser what ort-node finds', async () => {
    await expectNodesResult(smallCase());
  });

  test.skipIf(!sharedPresent)(
    'RetinaFace finds on a photograph of the shared data folder what ort-node finds',
    async () => {
      await expectNodesResult(await sharedCase());
    },
  );

  test('a model that is none gives a reason per backend and leaves the page alive', async () => {
    const page = await openPage();
    const runs = await detectInPage(page, { ...smallCase(), model: Uint8Array.of(1, 2, 3) });
    expect(runs.map((run) => 'reason' in run && run.reason !== '')).toEqual(
      Object.keys(browserBackends).map(() => true),
    );
    expect(await page.title()).toContain('RetinaBench');
  });
});
