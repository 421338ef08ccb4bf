// What the queue costs: two worker processes of one worker through Redis against --workers 2, in interleaved pairs. Processor
// time is that of all processes together, with that of the server; the machine may do other things meanwhile. The start of the
// second program costs the same however long the run is: its processor time stands apart (Linux), and in the ratio, too.
//
//   npx nx run cli:bench-queue -- [--pairs 5] [--limit 86] [--data mini] [-- FLAGS of wider predict]
//
// Figures for docs/queue.md, on an idle machine: --pairs 7 --limit 826 --data ../shared/datasets/wider -- --scale vga
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { quantile } from '@retinabench/results';
import { startRedis } from '../../queue/test/support/servers.js';

const own = process.argv.slice(2).filter((arg, at, all) => arg !== '--' || at !== 0 || all.length > 1);
const split = own.indexOf('--') < 0 ? own.length : own.indexOf('--');
const { values } = parseArgs({
  args: own.slice(0, split),
  options: {
    pairs: { type: 'string', default: '5' },
    limit: { type: 'string', default: '86' },
    data: { type: 'string', default: 'mini' },
  },
});
const program = path.resolve('packages/cli/dist/main.js');
const work = mkdtempSync(path.join(os.tmpdir(), 'retinabench-overhead-'));
const more = own.slice(split + 1);

interface Cost {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Of that, the worker's until it waited for runs. */
  readonly startSeconds?: number;
}

/** Run the program under bash, which counts the processor time of all that it starts. */
function timed(args: readonly string[]): {
  readonly ended: Promise<Cost>;
  said(): string;
  /** Processor time of the program and its child processes so far. */
  soFar(): number;
  end(): void;
} {
  const startedMs = performance.now();
  const script = 'TIMEFORMAT="cpu %U %S"; time "$@"';
  const child = spawn('bash', ['-c', script, 'bash', process.execPath, program, ...args], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
  });
  const ended = new Promise<Cost>((resolve, reject) => {
    child.on('close', (status) => {
      const [user, system] = /cpu ([\d.]+) ([\d.]+)\s*$/.exec(said)?.slice(1).map(Number) ?? [];
      if (status !== 0 || user === undefined) reject(new Error(`${args.join(' ')}: ${status}: ${said}`));
      else resolve({ wallSeconds: (performance.now() - startedMs) / 1000, cpuSeconds: user + system });
    });
  });
  // Bash passes no signal on: what it started is told itself.
  const end = (): void => {
    spawnSync('pkill', ['-TERM', '-P', String(child.pid)]);
  };
  const soFar = (): number => {
    const childrenOf = (pid: string): string[] =>
      spawnSync('pgrep', ['-P', pid], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line !== '');
    const own = childrenOf(String(child.pid));
    return [...own, ...own.flatMap(childrenOf)].reduce((sum, pid) => sum + cpuSecondsOf(pid), 0);
  };
  return { ended, said: () => said, soFar, end };
}

/** Ticks of 10 ms, as Linux counts them. */
function cpuSecondsOf(pid: string): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const predict = (folder: string): string[] => [
  ...['wider', 'predict', '--data', values.data, '--limit', values.limit, '--fresh', '--pred', path.join(work, folder)],
  ...more,
];

async function alone(): Promise<Cost> {
  return timed([...predict('alone'), '--workers', '2', '--quiet']).ended;
}

async function onQueue(): Promise<Cost> {
  const server = await startRedis();
  const worker = timed(['worker', '--queue', server.url, '--workers', '2', '--data', values.data]);
  while (!worker.said().includes('queue: ')) await new Promise((resolve) => setTimeout(resolve, 50));
  // By then it has loaded what it needs to wait for runs.
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const startSeconds = worker.soFar();
  const run = await timed([...predict('queue'), '--queue', server.url, '--quiet']).ended;
  worker.end();
  const { cpuSeconds } = await worker.ended;
  const serverSeconds = server.cpuSeconds();
  await server.stop();
  return { wallSeconds: run.wallSeconds, cpuSeconds: run.cpuSeconds + cpuSeconds + serverSeconds, startSeconds };
}

const ratios: { readonly wall: number; readonly cpu: number; readonly later: number }[] = [];
process.stdout.write(
  '| pair | --workers 2: s, CPU s | queue: s, CPU s, of that start | ratio, CPU ratio, without start |\n|---|---|---|---|\n',
);
for (let pair = 0; pair < Number(values.pairs); pair++) {
  const [first, second] = pair % 2 === 0 ? [alone, onQueue] : [onQueue, alone];
  const costs = [await first(), await second()];
  const [local, queue] = pair % 2 === 0 ? costs : costs.reverse();
  const { startSeconds = 0 } = queue;
  const ratio = {
    wall: queue.wallSeconds / local.wallSeconds,
    cpu: queue.cpuSeconds / local.cpuSeconds,
    later: (queue.cpuSeconds - startSeconds) / local.cpuSeconds,
  };
  ratios.push(ratio);
  const cell = ({ wallSeconds, cpuSeconds }: Cost): string => `${wallSeconds.toFixed(1)}, ${cpuSeconds.toFixed(1)}`;
  process.stdout.write(
    `| ${pair + 1} | ${cell(local)} | ${cell(queue)}, ${startSeconds.toFixed(1)} | ${ratio.wall.toFixed(3)}, ${ratio.cpu.toFixed(3)}, ${ratio.later.toFixed(3)} |\n`,
  );
}
const median = (of: 'wall' | 'cpu' | 'later'): string =>
  quantile(
    ratios.map((ratio) => ratio[of]),
    0.5,
  ).toFixed(3);
process.stdout.write(
  `median ratio ${median('wall')}, of processor time ${median('cpu')}, without the start of the worker ${median('later')}\n`,
);
rmSync(work, { recursive: true, force: true });
