// A fleet as large as IJB-C asks for, of workers that only wait: how much of their time the queue costs, and whether the
// coordinator's memory grows with the run. Starts redis-server itself.
//
//   npx nx run queue:bench-growth -- [--images 46938,469375] [--workers 20,200] [--ms 100] [--unit N]
import { fork } from 'node:child_process';
import { createHash } from 'node:crypto';
import { parseArgs } from 'node:util';
import { type Engine, type FleetCodec, openEngine, openFleet } from '@retinabench/queue';
import { startRedis } from '../test/support/servers.js';

const { values } = parseArgs({
  options: {
    images: { type: 'string', default: '46938,469375' },
    workers: { type: 'string', default: '20,200' },
    ms: { type: 'string', default: '100' },
    unit: { type: 'string' },
  },
});
/** Simulated workers of one process. */
const workersOfProcess = 50;
const msPerImage = Number(values.ms);

/** Files that are not there: their hashes are made up, so that the disk is left out. */
const codec: FleetCodec<number, number> = {
  imagesOf: (index) => [{ name: `img/${index}.jpg`, file: `img/${index}.jpg` }],
  resultOf: (index) => index,
  read: async (file) => ({ sha256: createHash('sha256').update(file).digest('hex') }),
};

interface Row {
  readonly images: number;
  readonly workers: number;
  readonly seconds: number;
  readonly efficiency: number;
  readonly cpuSeconds: number;
  /** Resident memory at a tenth, at half and at nine tenths of the run. */
  readonly memoryMb: readonly number[];
}

async function measure(engine: Engine, url: string, images: number, workers: number): Promise<Row> {
  const run = createHash('sha256').update(`${images} ${workers} ${process.pid}`).digest('hex').slice(0, 12);
  const processes = Array.from({ length: Math.ceil(workers / workersOfProcess) }, (_, i) =>
    fork(new URL('./simulated-workers.js', import.meta.url), [
      url,
      run,
      String(Math.min(workersOfProcess, workers - i * workersOfProcess)),
      String(msPerImage),
    ]),
  );
  await new Promise((resolve) => setTimeout(resolve, 5000));
  const fleet = await openFleet({
    engine,
    setup: {
      run,
      kind: 'simulated',
      title: `${images} images, ${workers} workers`,
      conditions: { code: { version: '', sha256: '' }, backend: { id: '', version: '' }, runtimes: {}, cpu: '' },
      allow: [],
      lockMs: 60_000,
      models: [],
      details: {},
    },
    ...(values.unit === undefined ? {} : { unitImages: Number(values.unit) }),
    onNote: (text) => process.stderr.write(`${text}\n`),
    onProgress: () => undefined,
  });
  const tasks = Array.from({ length: images }, (_, index) => index);
  const memoryMb: number[] = [];
  const shares = [0.1, 0.5, 0.9];
  let done = 0;
  const startedMs = performance.now();
  const before = process.cpuUsage();
  await fleet.pool(codec)({
    module: new URL('file:///none'),
    workers: 1,
    init: {},
    tasks,
    onResult: () => {
      if (++done >= shares[memoryMb.length] * images) memoryMb.push(Math.round(process.memoryUsage().rss / 2 ** 20));
    },
    onFailure: (index, failure) => {
      throw new Error(`image ${index}: ${failure.message}`);
    },
  });
  const seconds = (performance.now() - startedMs) / 1000;
  const { user, system } = process.cpuUsage(before);
  await fleet.close(true);
  for (const child of processes) child.kill('SIGKILL');
  const idealSeconds = (images * msPerImage) / 1000 / workers;
  return { images, workers, seconds, efficiency: idealSeconds / seconds, cpuSeconds: (user + system) / 1e6, memoryMb };
}

const server = await startRedis();
const engine = await openEngine(server.url, { onNote: (text) => process.stderr.write(`${text}\n`) });
const numbers = (text: string): number[] => text.split(',').map(Number);
process.stdout.write(
  `${engine.description}, ${values.unit ?? '50'} images a unit at first, ${values.ms} ms an image, ${new Date().toISOString()}\n`,
);
process.stdout.write(
  '| images | workers | s | efficiency | CPU s | coordinator MB at 10, 50, 90 % |\n|---|---|---|---|---|---|\n',
);
for (const images of numbers(values.images)) {
  for (const workers of numbers(values.workers)) {
    const { seconds, efficiency, cpuSeconds, memoryMb } = await measure(engine, server.url, images, workers);
    const cells = [images, workers, seconds.toFixed(1), `${(100 * efficiency).toFixed(1)} %`, cpuSeconds.toFixed(1)];
    process.stdout.write(`| ${[...cells, memoryMb.join(', ')].join(' | ')} |\n`);
  }
}
await engine.close();
await server.stop();
process.exit();
