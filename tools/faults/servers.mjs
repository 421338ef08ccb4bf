// Servers of a queue that a script starts, kills and starts again.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit.mjs';

/** Whether Redis is installed. */
export const hasRedis = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error === undefined;

/** Where Debian keeps the programs of PostgreSQL's server. */
const postgresFolder = findPostgres();

/** Whether PostgreSQL is installed. */
export const hasPostgres = postgresFolder !== undefined;

function findPostgres() {
  const parent = '/usr/lib/postgresql';
  try {
    const newest = readdirSync(parent).sort((a, b) => Number(b) - Number(a))[0];
    return path.join(parent, newest, 'bin');
  } catch {
    return undefined;
  }
}

/** A port of the loopback address that nothing listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

/** Start Redis with an append-only file in `folder`: `{ port, urlOf, kill, restart }`; it ends with the script. */
export async function startRedis(folder, ...settings) {
  const port = await freePort();
  let child;
  const start = async () => {
    child = spawn(
      'redis-server',
      ['--port', String(port), '--dir', folder, '--appendonly', 'yes', '--save', '', '--bind', '0.0.0.0', ...settings],
      { stdio: 'ignore' },
    );
    await listening(port);
  };
  const kill = async () => {
    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;
  };
  await start();
  atExit(() => child.kill('SIGKILL'));
  return { port, urlOf: (host) => `redis://${host}:${port}`, kill, restart: start };
}

/**
 * Start PostgreSQL with a new cluster: `{ port, urlOf, kill, restart }`; it ends with the script. Root runs it as the user postgres,
 * which it asks for.
 *
 * @param env what the server gets beside the environment of this process.
 */
export async function startPostgres(env = {}) {
  const port = await freePort();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'fleet-postgres-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) {
    const id = (flag) => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }));
    chownSync(folder, id('-u'), id('-g'));
  }
  const run = (program, ...args) => {
    const words = [path.join(postgresFolder, program), ...args];
    const [command, ...rest] = isRoot ? ['runuser', '-u', 'postgres', '--', ...words] : words;
    execFileSync(command, rest, { stdio: 'ignore', cwd: folder, env: { ...process.env, ...env } });
  };
  const data = path.join(folder, 'data');
  run('initdb', '-D', data, '-A', 'trust', '-U', 'postgres', '--no-sync');
  // The namespace of a worker that is cut off comes from an address of its own.
  appendFileSync(path.join(data, 'pg_hba.conf'), 'host all all 192.0.2.0/30 trust\n');
  const start = async () => {
    const options = `-p ${port} -k ${folder} -h 0.0.0.0`;
    run('pg_ctl', '-D', data, '-o', options, '-l', path.join(folder, 'log'), '-w', 'start');
  };
  const kill = async () => run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
  await start();
  atExit(() => {
    try {
      run('pg_ctl', '-D', data, '-m', 'immediate', '-w', 'stop');
    } catch {
      // It is down already.
    }
    rmSync(folder, { recursive: true, force: true });
  });
  return { port, urlOf: (host) => `postgres://postgres@${host}:${port}/postgres`, kill, restart: start };
}

async function listening(port) {
  for (let attempt = 0; attempt < 200; attempt++) {
    const answers = await new Promise((resolve) => {
      const socket = net.connect(port, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false));
      socket.unref();
    });
    if (answers) return;
    await sleep(50);
  }
  throw new Error(`nothing listens on port ${port}`);
}
