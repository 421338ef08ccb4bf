import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { freePort } from '../../../../tools/tests/free-port.js';
import { waitUntil } from '../../../../tools/tests/wait-until.js';

/** A server that a test started. */
export interface TestServer {
  readonly url: string;
  readonly port: number;
  /** Processor time that its main process has taken, in seconds (Linux). */
  cpuSeconds(): number;
  /** Let it hang: it keeps its connections and answers nothing (Redis). */
  pause(): void;
  /** End it as a crash does. */
  kill(): Promise<void>;
  /** Start it again with the data that it left. */
  restart(): Promise<void>;
  /** End it and remove its data. */
  stop(): Promise<void>;
}

/** The program of Valkey: on the path, or the file that RETINABENCH_VALKEY names. Undefined: tests that need it skip. */
const valkeyProgram = process.env.RETINABENCH_VALKEY || onPath('valkey-server');

/**
 * The program of Redis, else of Valkey; undefined: tests that need it skip. RETINABENCH_REDIS names another file: all tests of
 * queues run on Valkey with it.
 */
export const redisProgram = process.env.RETINABENCH_REDIS || onPath('redis-server') || valkeyProgram;

/** The folder of PostgreSQL's programs; undefined: tests that need it skip. */
export const postgresFolder = findPostgres();

/** The servers that carry a queue, and whether they are installed. */
export const queueServers = [
  { name: 'Redis', there: redisProgram !== undefined, start: () => startRedis() },
  { name: 'Valkey', there: valkeyProgram !== undefined, start: () => startRedis([], { program: valkeyProgram }) },
  { name: 'PostgreSQL', there: postgresFolder !== undefined, start: () => startPostgres() },
];

function onPath(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(path.delimiter)
    .map((folder) => path.join(folder, name))
    .find((file) => existsSync(file));
}

/** Debian keeps the programs of PostgreSQL out of the path, by version. */
function findPostgres(): string | undefined {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  return versions.map((version) => path.join(root, version, 'bin')).find((bin) => existsSync(path.join(bin, 'initdb')));
}

/** Start Redis with an append-only file in a new folder. @param settings more of them, `['--requirepass', 'x']`. */
export async function startRedis(
  settings: readonly string[] = [],
  { program = redisProgram }: { readonly program?: string | undefined } = {},
): Promise<TestServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-redis-'));
  let at = 0;
  let child: ChildProcess | undefined;
  const start = async (): Promise<void> => {
    // Written at once, and left to the system to bring to disk: what was answered outlives the process, and no slow disk holds it up.
    const log = ['--appendonly', 'yes', '--appendfsync', 'no', '--save', ''];
    const args = ['--port', String(at), '--dir', folder, ...log, ...settings];
    const started = spawn(program ?? 'redis-server', args, { stdio: ['ignore', 'pipe', 'ignore'] });
    child = started;
    await ready(started);
  };
  const end = async (): Promise<void> => {
    const running = child;
    child = undefined;
    if (running === undefined || running.exitCode !== null) return;
    const gone = new Promise((resolve) => running.once('exit', resolve));
    running.kill('SIGKILL');
    await gone;
  };
  await onFreePort(async (port) => {
    at = port;
    await start();
  });
  return {
    url: `redis://127.0.0.1:${at}`,
    port: at,
    pause: () => void child?.kill('SIGSTOP'),
    cpuSeconds: () => cpuSecondsOf(child?.pid),
    kill: end,
    restart: start,
    stop: async () => {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/**
 * Start PostgreSQL with a new cluster; root runs it as the user postgres, which it asks for.
 *
 * @param env what the server gets beside the environment of this process.
 */
export async function startPostgres(env: NodeJS.ProcessEnv = {}): Promise<TestServer> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) execFileSync('chown', ['postgres', folder]);
  const run = (program: string, args: readonly string[]): void => {
    const file = path.join(postgresFolder ?? '', program);
    const [command, all] = isRoot ? ['runuser', ['-u', 'postgres', '--', file, ...args]] : [file, [...args]];
    execFileSync(command, all, { stdio: 'ignore', cwd: folder, env: { ...process.env, ...env } });
  };
  const data = path.join(folder, 'data');
  let port = 0;
  run('initdb', ['-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync']);
  const start = async (): Promise<void> => {
    run('pg_ctl', [
      '-D',
      data,
      '-o',
      `-p ${port} -k ${folder} -h 127.0.0.1 -F`,
      '-l',
      path.join(folder, 'log'),
      '-w',
      'start',
    ]);
  };
  const end = async (): Promise<void> => run('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
  await onFreePort(async (free) => {
    port = free;
    await start();
  });
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    pause: () => {
      throw new Error('PostgreSQL is many processes');
    },
    cpuSeconds: () => Number.NaN,
    kill: end,
    restart: start,
    stop: async () => {
      await end().catch(() => undefined);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Start something on a free port; on another if somebody else has taken that meanwhile. */
async function onFreePort(start: (port: number) => Promise<void>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await start(await freePort());
    } catch (error) {
      if (attempt === 5) throw error;
    }
  }
}

/** Wait until a server of Redis takes connections. @throws if it ends, with what it has said. */
async function ready(child: ChildProcess): Promise<void> {
  let said = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    said = `${said}${text}`.slice(-10_000);
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  await waitUntil('a server that takes connections', () => said.includes('Ready to accept connections'), {
    during: ended,
    said: () => said,
  });
}

/** Ticks of 10 ms, as Linux counts them. */
function cpuSecondsOf(pid: number | undefined): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / 100;
}
