import { type BrowserBackendId, browserBackends, openDetector, type PageDetector } from '@retinabench/backends/browser';
import { drawFaces } from './draw-faces.js';

const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module' });
const canvas = element('canvas', HTMLCanvasElement);
const numbers = element('numbers', HTMLElement);
const backend = element('backend', HTMLSelectElement);
const threads = element('threads', HTMLInputElement);
const floor = element('floor', HTMLInputElement);
backend.append(...Object.keys(browserBackends).map((id) => new Option(id, id)));

let detector: PageDetector | undefined;
/** What is shown now; another choice ends it. */
let shown = 0;
let again: () => Promise<void> = async () => undefined;

element('webcam', HTMLButtonElement).addEventListener('click', () => show(webcam));
element('picture', HTMLInputElement).addEventListener('change', ({ target }) => {
  const file = (target as HTMLInputElement).files?.[0];
  if (file) show(async (isShown) => detectOn(await createImageBitmap(file), isShown));
});
for (const setting of [backend, threads, floor]) {
  setting.addEventListener('change', async () => {
    await detector?.dispose();
    detector = undefined;
    await again();
  });
}

/** Show something in place of what is shown. */
async function show(source: (isShown: () => boolean) => Promise<void>): Promise<void> {
  again = () => show(source);
  const mine = ++shown;
  try {
    await source(() => shown === mine);
  } catch (error) {
    if (shown === mine) numbers.textContent = (error as Error).message;
  }
}

async function webcam(isShown: () => boolean): Promise<void> {
  const stream = await navigator.mediaDevices.getUserMedia({ video: { width: 640, height: 480 } });
  const video = Object.assign(document.createElement('video'), { srcObject: stream, muted: true, playsInline: true });
  try {
    await video.play();
    while (isShown()) await detectOn(await createImageBitmap(video), isShown);
  } finally {
    for (const track of stream.getTracks()) track.stop();
  }
}

let lastMs = 0;

async function detectOn(picture: ImageBitmap, isShown: () => boolean): Promise<void> {
  detector ??= await open();
  const faces = await detector.detect(picture);
  if (isShown()) {
    drawFaces(canvas, picture, faces);
    const { resizeMs, inferMs, postprocessMs } = faces.times;
    const nowMs = performance.now();
    const rate = 1000 / (nowMs - lastMs);
    lastMs = nowMs;
    numbers.textContent = `${detector.backend} ${detector.version}: ${faces.count} faces, ${rate.toFixed(1)} frames a second; resize ${resizeMs.toFixed(1)} ms, network ${inferMs.toFixed(1)} ms, boxes ${postprocessMs.toFixed(1)} ms`;
  }
  picture.close();
}

function open(): Promise<PageDetector> {
  numbers.textContent = 'The model loads.';
  return openDetector({
    worker,
    model: 'retinabench/retinaface-rb025.onnx',
    assets: 'retinabench',
    backend: backend.value as BrowserBackendId,
    threads: threads.valueAsNumber || 1,
    protocol: { scoreFloor: floor.valueAsNumber || 0.5 },
  });
}

function element<T extends HTMLElement>(id: string, kind: abstract new (...args: never[]) => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page lacks #${id}`);
  return found;
}
