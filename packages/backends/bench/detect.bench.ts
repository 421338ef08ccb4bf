/**
 * Processor time of one detection, from pixels to boxes, on several backends in turn in one process: what a busy machine leaves
 * comparable. Arguments: backends, comma-separated, the one that the others are compared with first; rounds.
 *
 *   npx nx run backends:bench-detect
 */
import { resolveModel } from '@retinabench/models/node';
import { loadDetector } from '../src/registry/load-detector.js';

const [list = 'ort-wasm,litert-wasm,ort-node', rounds = '40'] = process.argv.slice(2);
const backends = list.split(',');
const warmUps = 15;
const widthPx = 640;
const heightPx = 480;

/** Grey levels from a linear congruential generator. */
const pixels = new Uint8Array(widthPx * heightPx * 3);
for (let at = 0, state = 1; at < pixels.length; at++) {
  state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
  pixels[at] = state >>> 24;
}
const image = { widthPx, heightPx, data: pixels };

const model = await resolveModel('retinaface-mnet025').catch(() => resolveModel('retinaface-rb025'));
const detectors = await Promise.all(
  backends.map(async (id) => ({
    id,
    ...(await loadDetector(model, id, { scoreFloor: 0.5 }, { threads: 1 })),
    cpuMs: [] as number[],
  })),
);
for (let i = 0; i < warmUps; i++) for (const { detector } of detectors) await detector.detect(image);
// The compiler of WebAssembly works on in the background.
await new Promise((resolve) => setTimeout(resolve, 2000));
for (let round = 0; round < Number(rounds); round++) {
  for (const { detector, cpuMs } of detectors) {
    const before = process.cpuUsage();
    await detector.detect(image);
    const { user, system } = process.cpuUsage(before);
    cpuMs.push((user + system) / 1000);
  }
}

const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const median = (values: readonly number[]): number => sorted(values)[Math.floor(values.length / 2)];

/** The median's interval of 95 % without any assumption: order statistics of the sign test. */
function intervalOf(values: readonly number[]): [number, number] {
  const reach = 0.98 * Math.sqrt(values.length);
  const middle = values.length / 2;
  const ordered = sorted(values);
  return [
    ordered[Math.max(0, Math.floor(middle - reach))],
    ordered[Math.min(values.length - 1, Math.ceil(middle + reach) - 1)],
  ];
}

const [first] = detectors;
for (const { id, cpuMs } of detectors) {
  const ratios = cpuMs.map((value, round) => value / first.cpuMs[round]);
  const [low, high] = intervalOf(ratios);
  process.stdout.write(
    `${id.padEnd(12)} CPU ms: median ${median(cpuMs).toFixed(1)}, least ${Math.min(...cpuMs).toFixed(1)}; over ${first.id}: ` +
      `${median(ratios).toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}], of the least ${(Math.min(...cpuMs) / Math.min(...first.cpuMs)).toFixed(3)}\n`,
  );
}
await Promise.all(detectors.map((one) => one.dispose()));
