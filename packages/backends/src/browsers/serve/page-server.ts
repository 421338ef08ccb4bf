import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { PageQuestion, PageReply } from '../wire/calls.js';
import { packMessage, unpackMessage } from '../wire/pack.js';

/** Folders by the name under which the page asks for their files. */
export type ServedFolders = Readonly<Record<string, string>>;

/** Longest time that a page is left waiting for a question before it asks again. */
const pollMs = 20_000;

/** Cross-origin isolation, so that the page may share memory between threads; nothing is kept. */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-embedder-policy': 'require-corp',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};

const page = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>RetinaBench</title>
<link rel="icon" href="data:,">
<script type="module" src="page/main.js"></script>
</html>
`;

/**
 * Serves a page on the loopback address, below a path that cannot be guessed, and carries questions to it and replies back: the
 * page asks for the next question and posts its reply. One page at a time.
 */
export class PageServer {
  readonly #server: Server;
  readonly #folders: ServedFolders;
  readonly #token = randomBytes(24).toString('hex');
  /** The page's request for a question, while it waits for one. */
  #poll: ServerResponse | undefined;
  #question: Uint8Array | undefined;
  #answered: ((reply: PageReply) => void) | undefined;
  /** Called when the page comes, and when it goes. */
  onOpen: () => void = () => undefined;
  onGone: () => void = () => undefined;

  private constructor(folders: ServedFolders) {
    this.#folders = folders;
    this.#server = createServer((request, response) => {
      this.#serve(request, response).catch(() => response.destroy());
    });
    // The page may compute for hours between two requests. A connection that is closed just as the page takes it again would
    // lose its reply: none is closed for being idle, or slow.
    this.#server.keepAliveTimeout = 0;
    this.#server.requestTimeout = 0;
    this.#server.headersTimeout = 0;
  }

  /** Listen on a free port of the loopback address. */
  static async start(folders: ServedFolders): Promise<PageServer> {
    const server = new PageServer(folders);
    await new Promise<void>((resolve, reject) => {
      server.#server.once('error', reject);
      server.#server.listen(0, '127.0.0.1', resolve);
    });
    return server;
  }

  /** Address of the page. */
  get url(): string {
    return `http://${this.#host}/${this.#token}/`;
  }

  get #host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Put a question to the page. One at a time: the next when this one is answered. */
  ask(question: PageQuestion): Promise<PageReply> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.#question = packMessage(question);
      this.#deliver();
    });
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  #deliver(): void {
    if (this.#poll === undefined || this.#question === undefined) return;
    this.#poll.writeHead(200, { ...headers, 'content-type': 'application/octet-stream' });
    this.#poll.end(this.#question);
    this.#poll = undefined;
    this.#question = undefined;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const [, token, name = '', ...rest] = new URL(request.url ?? '/', 'http://page').pathname.split('/');
    if (request.headers.host !== this.#host || token !== this.#token) return refuse(response);
    if (request.method === 'POST' && name === 'reply') return this.#receive(request, response);
    if (request.method !== 'GET') return refuse(response);
    if (name === 'next') return this.#wait(response);
    if (name === 'alive') return this.#watch(response);
    if (name === '') {
      response.writeHead(200, { ...headers, 'content-type': types['.html'] });
      response.end(page);
      return;
    }
    const folder = Object.hasOwn(this.#folders, name) ? this.#folders[name] : undefined;
    return folder === undefined ? refuse(response) : sendFile(folder, rest, response);
  }

  #wait(response: ServerResponse): void {
    this.#poll = response;
    const timer = setTimeout(() => {
      if (this.#poll !== response) return;
      this.#poll = undefined;
      response.writeHead(204, headers).end();
    }, pollMs);
    timer.unref();
    response.once('close', () => {
      clearTimeout(timer);
      if (this.#poll === response) this.#poll = undefined;
    });
    this.#deliver();
  }

  /** A response without end: the browser closes it when the page goes, however it goes. */
  #watch(response: ServerResponse): void {
    response.writeHead(200, { ...headers, 'content-type': 'application/octet-stream' });
    response.write('alive');
    response.once('close', () => this.onGone());
    this.onOpen();
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    const reply = unpackMessage<PageReply>(new Uint8Array(Buffer.concat(pieces)));
    response.writeHead(204, headers).end();
    this.#answered?.(reply);
    this.#answered = undefined;
  }
}

function refuse(response: ServerResponse): void {
  response.writeHead(404, headers).end();
}

/** Files lie directly in their folder; a name with a way out of it is refused. */
async function sendFile(folder: string, rest: readonly string[], response: ServerResponse): Promise<void> {
  const name = rest.length === 1 ? decodeURIComponent(rest[0]) : '';
  if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) return refuse(response);
  const body = await readFile(path.join(folder, name)).catch(() => undefined);
  if (body === undefined) return refuse(response);
  response.writeHead(200, { ...headers, 'content-type': types[path.extname(name)] ?? 'application/octet-stream' });
  response.end(body);
}
