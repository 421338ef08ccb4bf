// Servers of a queue that a script starts, kills and starts again.
import { spawn, spawnSync } from 'node:child_process';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit.mjs';

/** Whether Redis is installed. */
export const hasRedis = spawnSync('redis-server', ['--version'], { stdio: 'ignore' }).error === undefined;

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

/** Start Redis with an append-only file in `folder`: `{ port, kill, restart }`; it ends with the script. */
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
  return { port, kill, restart: start };
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
