import { spawn } from 'node:child_process';

/** This process's environment without what npm tells the scripts it starts, and which would send an npm inside it astray. */
export function cleanEnvironment(added) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(npm_(config_local_prefix|package|lifecycle|command|execpath|node_execpath).*|INIT_CWD)$/.test(name),
  );
  return { ...Object.fromEntries(own), RETINABENCH_DATA: '', RETINABENCH_MIRROR: '', RETINABENCH_SHARED: '', ...added };
}

const running = new Set();

/** End every program that still runs. */
export function stopAll() {
  for (const child of running) child.kill();
}

/** Run a program to its end. Resolves to its exit status and what it wrote; rejects if it cannot be started. */
export function run(command, args, { cwd, env = {} }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: cleanEnvironment(env), stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(child);
    const written = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr']) {
      child[name].setEncoding('utf8').on('data', (text) => {
        written[name] += text;
      });
    }
    child.on('error', reject);
    child.on('close', (status) => {
      running.delete(child);
      resolve({ status, ...written });
    });
  });
}
