import { type ChildProcess, spawnSync } from 'node:child_process';
import { forkWorker } from '../workers/fork-worker.js';
import type { BenchReply, BenchRequest } from './messages.js';

/** The process of one configuration. It answers one request at a time; once it failed, it is over. */
export class BenchProcess {
  readonly #child: ChildProcess;
  /** Whether it was pinned to the processors asked for. */
  readonly pinned: boolean;

  /** @param pin processors, as `taskset` names them; undefined: any. */
  constructor(pin: string | undefined) {
    this.#child = forkWorker(new URL('./worker.js', import.meta.url));
    this.pinned =
      pin !== undefined &&
      process.platform === 'linux' &&
      spawnSync('taskset', ['-apc', pin, String(this.#child.pid)]).status === 0;
  }

  /** @param limitMs time that the answer may take, after which the process is ended; undefined: no limit. */
  ask(request: BenchRequest, limitMs?: number): Promise<BenchReply> {
    return new Promise<BenchReply>((resolve) => {
      let timer: NodeJS.Timeout | undefined;
      const settle = (answer: BenchReply): void => {
        clearTimeout(timer);
        this.#child.removeAllListeners();
        resolve(answer);
      };
      if (limitMs !== undefined) {
        timer = setTimeout(() => {
          settle({
            type: 'failed',
            message: `took longer than ${limitMs / 1000} s; raise --image-timeout if it may`,
            exitCode: 3,
          });
          this.end();
        }, limitMs);
      }
      this.#child.once('message', (message) => settle(message as BenchReply));
      this.#child.once('error', (error) => settle({ type: 'failed', message: error.message, exitCode: 3 }));
      this.#child.once('exit', (code, by) =>
        settle({ type: 'failed', message: `its process ended (${by ?? `exit code ${code}`})`, exitCode: 3 }),
      );
      this.#child.send(request);
    });
  }

  end(): void {
    this.#child.removeAllListeners();
    this.#child.on('error', () => undefined);
    this.#child.kill('SIGKILL');
  }
}
