import type { Readable, Writable } from 'node:stream';

/** Ends each message of Chromium's debugging pipe. */
const endOfMessage = '\0';

/** Chromium's debugging protocol over two pipes: unlike a port, nobody else on the machine can reach them. */
export class PipeTransport {
  onmessage?: (message: string) => void;
  onclose?: () => void;
  readonly #writable: Writable;
  #rest = '';

  constructor(writable: Writable, readable: Readable) {
    this.#writable = writable;
    readable.setEncoding('utf8');
    readable.on('data', (text: string) => this.#receive(text));
    readable.on('close', () => this.onclose?.());
    // The browser's end says how it went.
    for (const stream of [writable, readable]) stream.on('error', () => undefined);
  }

  send(message: string): void {
    this.#writable.write(message + endOfMessage);
  }

  close(): void {
    this.#writable.destroy();
  }

  #receive(text: string): void {
    const messages = (this.#rest + text).split(endOfMessage);
    this.#rest = messages.pop() ?? '';
    for (const message of messages) this.onmessage?.(message);
  }
}
