// Workers that only wait, many in one process: node simulated-workers.js URL RUN COUNT MS-PER-IMAGE
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { ownIdentity } from '@retinabench/files';
import { openEngine } from '@retinabench/queue';
import { beatMs, leastLockMs, mostStalls } from '../src/messages/limits.js';
import { unitsName, workersName } from '../src/messages/names.js';
import { parseUnit, unitDigest } from '../src/messages/unit.js';

const [url, run, count, msPerImage] = process.argv.slice(2);
const engine = await openEngine(url, { onNote: () => undefined });
const cards = engine.jobs(workersName);
/** Twenty faces, as a detector gives them: what a result weighs. */
const detections = Array.from({ length: 100 }, (_, i) => Number((1 / (i + 3)).toPrecision(7)));
/** Processes share connections; jobs of silent workers are looked for by one. */
const taker = engine.taker(unitsName(run), { lockMs: leastLockMs, mostStalls });

async function work(name: string): Promise<void> {
  const id = `worker-${randomUUID()}`;
  await cards.add([{ id, data: { version: 1, name, process: ownIdentity(), slots: 1 } }]);
  let [beat, images] = [0, 0];
  const sayAlive = (): Promise<unknown> => cards.report(id, { beat: ++beat, images, takes: [run], refuses: [] });
  await sayAlive();
  setInterval(() => void sayAlive().catch(() => undefined), beatMs);
  let waitMs = 20;
  for (;;) {
    const job = await taker.take();
    if (job === undefined) {
      await sleep(waitMs);
      waitMs = Math.min(2 * waitMs, 500);
      continue;
    }
    waitMs = 20;
    const startedMs = performance.now();
    const unit = parseUnit(job.data, job.id);
    const renewal = setInterval(() => void job.renew(), leastLockMs / 4);
    await sleep(unit.tasks.length * Number(msPerImage));
    clearInterval(renewal);
    const outcomes = JSON.stringify(unit.tasks.map(() => ({ answers: [{ detections }] })));
    await job.complete({
      version: 1,
      run,
      worker: id,
      tookMs: performance.now() - startedMs,
      outcomes,
      sha256: unitDigest(run, job.id, outcomes),
    });
    images += unit.tasks.length;
  }
}

process.on('disconnect', () => process.exit());
await Promise.all(Array.from({ length: Number(count) }, (_, i) => work(`simulated-${process.pid}-${i}`)));
