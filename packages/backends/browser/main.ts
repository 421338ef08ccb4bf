import { compareDetections, PixelReader, provideLitert, type RgbImage, setAssets } from '@retinabench/backends/browser';
import { parseCard } from '@retinabench/models';
import { type BackendRun, type PageInput, runBackends } from './run-backend.js';

declare global {
  /** Lets a script drive the page without its form. */
  var retinabench: { readonly runBackends: (input: PageInput) => Promise<BackendRun[]> };
}

setAssets('./');
provideLitert({ load: () => import('@litertjs/core'), version: '2.5.3' });
globalThis.retinabench = { runBackends };

const form = element('form', HTMLFormElement);
const status = element('status', HTMLElement);

form.addEventListener('submit', (event) => {
  event.preventDefault();
  detect().catch((error: Error) => {
    status.textContent = error.message;
  });
});

async function detect(): Promise<void> {
  status.textContent = 'Running on each backend in turn.';
  const [model, card, picture] = await Promise.all(['model', 'card', 'image'].map(chosenFile));
  const image = await decodeInPage(picture);
  const input: PageInput = {
    model: new Uint8Array(await model.arrayBuffer()),
    card: parseCard(await card.text(), card.name),
    image,
    asked: { scoreFloor: 0.5 },
  };
  const runs = await runBackends(input);
  status.textContent = '';
  showRuns(runs);
  drawBoxes(image, runs);
}

function chosenFile(id: string): Promise<File> {
  const file = element(id, HTMLInputElement).files?.[0];
  return file ? Promise.resolve(file) : Promise.reject(new Error(`choose a file: ${id}`));
}

/** Decode as the browser does: its JPEG decoder is not OpenCV's, so that pixels may differ by a grey level. */
async function decodeInPage(file: Blob): Promise<RgbImage> {
  return new PixelReader().read(await createImageBitmap(file, { colorSpaceConversion: 'none' }));
}

function showRuns(runs: readonly BackendRun[]): void {
  const reference = runs.find((run) => 'detections' in run);
  const rows = runs.map((run) => {
    if (!('detections' in run)) return [run.id, run.reason];
    const difference = reference && compareDetections(reference.detections, run.detections);
    const times = [run.loadMs, run.firstRunMs, run.secondRunMs].map((ms) => ms.toFixed(0));
    return [run.id, String(run.detections.count), ...times, difference?.boxMaxPx.toExponential(1) ?? ''];
  });
  const body = element('results', HTMLTableElement).tBodies[0];
  body.replaceChildren(
    ...rows.map((cells) => {
      const row = document.createElement('tr');
      for (const text of cells) row.insertCell().textContent = text;
      return row;
    }),
  );
  element('results', HTMLTableElement).hidden = false;
}

function drawBoxes(image: RgbImage, runs: readonly BackendRun[]): void {
  const canvas = element('canvas', HTMLCanvasElement);
  canvas.width = image.widthPx;
  canvas.height = image.heightPx;
  canvas.hidden = false;
  const context = canvas.getContext('2d');
  const run = runs.find((candidate) => 'detections' in candidate);
  if (!context || !run) return;
  const pixels = context.createImageData(image.widthPx, image.heightPx);
  for (let pixel = 0; pixel < image.widthPx * image.heightPx; pixel++) {
    pixels.data.set(image.data.subarray(pixel * 3, pixel * 3 + 3), pixel * 4);
    pixels.data[pixel * 4 + 3] = 255;
  }
  context.putImageData(pixels, 0, 0);
  context.strokeStyle = '#00c853';
  context.fillStyle = '#00c853';
  context.lineWidth = Math.max(1, image.widthPx / 400);
  context.font = `${10 * context.lineWidth}px system-ui, sans-serif`;
  const { boxesXyxy, count, scores } = run.detections;
  for (let at = 0; at < count * 4; at += 4) {
    const [x1, y1, x2, y2] = boxesXyxy.subarray(at, at + 4);
    context.strokeRect(x1, y1, x2 - x1, y2 - y1);
    context.fillText(scores[at / 4].toFixed(2), x1, y1 - 2 * context.lineWidth);
  }
}

function element<T extends HTMLElement>(id: string, kind: abstract new (...args: never[]) => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page lacks #${id}`);
  return found;
}
