import { BackendError } from '@retinabench/core';
import type { Session, Tensor } from '../backend/backend.js';
import type { NetworkSignature } from '../backend/network-signature.js';
import type { PageHost } from './page-host.js';
import type { PageCalls } from './wire/calls.js';

/** A session in a browser's page: tensors go there and come back. */
export class HostedSession implements Session {
  readonly inputNames: readonly string[];
  readonly outputNames: readonly string[];
  readonly signature?: NetworkSignature;
  readonly #host: PageHost;
  readonly #place: string;
  #isDisposed = false;

  /** @param host is closed with the session. */
  constructor(host: PageHost, opened: PageCalls['open']['answer'], place: string) {
    this.#host = host;
    this.#place = place;
    this.inputNames = opened.inputNames;
    this.outputNames = opened.outputNames;
    if (opened.signature !== undefined) this.signature = opened.signature;
  }

  async run(feeds: Readonly<Record<string, Tensor>>): Promise<Readonly<Record<string, Tensor>>> {
    if (this.#isDisposed) throw new BackendError(`${this.#place}: the session was disposed; create another`);
    return (await this.#host.ask('run', { feeds })).outputs;
  }

  async dispose(): Promise<void> {
    this.#isDisposed = true;
    await this.#host.close();
  }
}
