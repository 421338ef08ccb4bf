import { EnvironmentError } from '@retinabench/core';
import type * as BullMq from 'bullmq';
import type { QueueAddress } from '../address/queue-address.js';

/**
 * Most that this machine's clock may differ from the server's: BullMQ reckons the locks of PostgreSQL's jobs, 60 s at least, by the
 * clock of who asks, so that one ahead takes away the units of all others.
 */
const mostSkewMs = 15_000;

/** How often the server is asked for its time, in milliseconds. */
const lookMs = 5000;

/** Move of this machine's clock against its monotonic one after which the server is asked at once. */
const jumpMs = 1000;

/** Watches how far this machine's clock and the server's are apart: either may be set while a connection lasts. */
export class ClockWatch {
  readonly #pool: BullMq.PgPool;
  readonly #address: QueueAddress;
  readonly #onError: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #differenceMs = 0;
  #lookedMs = Number.NEGATIVE_INFINITY;
  /** This machine's clock against its monotonic one when the server was asked last. */
  #offsetMs = 0;

  /** @param onError told when the clocks are apart, again with each look. */
  constructor(pool: BullMq.PgPool, address: QueueAddress, onError: (error: unknown) => void) {
    this.#pool = pool;
    this.#address = address;
    this.#onError = onError;
  }

  /** @throws {EnvironmentError} if the clocks are far apart now. */
  async assertRight(): Promise<void> {
    await this.#look();
    if (!this.#isRight) throw this.#error('set both clocks (by NTP), or use Redis, which asks no clock');
  }

  /** Look again and again, and say so when the clocks are apart. */
  start(): void {
    this.#timer = setInterval(() => void this.isRight(), lookMs).unref();
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Whether locks may be reckoned by this machine's clock. A server that does not answer is taken to be as it was. */
  async isRight(): Promise<boolean> {
    const isDue = performance.now() - this.#lookedMs >= lookMs;
    const hasJumped = Math.abs(offsetNow() - this.#offsetMs) > jumpMs;
    if (isDue || hasJumped) {
      await this.#look().catch(() => undefined);
      if (!this.#isRight) {
        this.#onError(
          this.#error(
            'none is taken here until the clocks agree: set both (by NTP), or use Redis, which asks no clock',
          ),
        );
      }
    }
    return this.#isRight;
  }

  get #isRight(): boolean {
    return Math.abs(this.#differenceMs) <= mostSkewMs;
  }

  async #look(): Promise<void> {
    const beforeMs = Date.now();
    const { rows } = await this.#pool.query<{ now_ms: number }>(
      'SELECT (extract(epoch FROM clock_timestamp()) * 1000)::double precision AS now_ms',
    );
    // It answered between the two: only what lies outside of them is a difference.
    const [aheadMs, behindMs] = [beforeMs - rows[0].now_ms, rows[0].now_ms - Date.now()];
    this.#differenceMs = aheadMs > 0 ? aheadMs : -Math.max(behindMs, 0);
    this.#lookedMs = performance.now();
    this.#offsetMs = offsetNow();
  }

  #error(next: string): EnvironmentError {
    const seconds = Math.round(Math.abs(this.#differenceMs) / 1000);
    const which = this.#differenceMs > 0 ? 'ahead of' : 'behind';
    return new EnvironmentError(
      `queue ${this.#address.shown}: this machine's clock is ${seconds} s ${which} the server's, by which units would be taken from workers that live; ${next}`,
    );
  }
}

function offsetNow(): number {
  return Date.now() - performance.now();
}
