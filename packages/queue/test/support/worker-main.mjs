// A worker of the fleets of these tests: node worker-main.mjs URL NAME OPTIONS-AS-JSON
import os from 'node:os';
import path from 'node:path';
import { openEngine, serveUnits } from '@retinabench/queue';

const say = (text) => process.stderr.write(`${text}\n`);
const [url, name, json] = process.argv.slice(2);
const { root, slots = 1, ms = 20, cpu = 'x64 test', backends, log } = JSON.parse(json);
const engine = await openEngine(url, { onNote: say });
// Who is held up by the machine for longer than its lock loses units, whatever the clocks say.
let seenMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  if (nowMs - seenMs > 4000) say(`held up by the machine for ${Math.round(nowMs - seenMs)} ms`);
  seenMs = nowMs;
}, 500).unref();
const module = new URL('./arithmetic-worker.mjs', import.meta.url);
const kind = {
  prepare: async () => module,
  open: async (setup) => ({
    conditions: { ...setup.conditions, cpu },
    module,
    init: { ms, log },
    toTask: ([{ file }]) => ({ file }),
    toAnswers: ({ sha256, square }) => [{ sha256, answer: { square } }],
  }),
};
await serveUnits({
  engine,
  name,
  slots,
  kinds: new Map([['square', kind]]),
  places: { roots: root === undefined ? [] : [root], scratch: path.join(os.tmpdir(), `fleet-scratch-${process.pid}`) },
  modelFolder: os.tmpdir(),
  ...(backends === undefined ? {} : { backends }),
  findModel: async () => undefined,
  onNote: say,
  onUnit: () => undefined,
  drain: new AbortController().signal,
  stop: new AbortController().signal,
});
