import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';

export const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.png': 'image/png',
  '.json': 'application/json',
};

/** What a server has beside its page, by path; a function is asked each time. */
export type ServedFiles = Record<string, Uint8Array | string>;

/** How a server answers. */
export interface ServerOptions {
  /** What it does not have is answered with its page, as servers of single-page applications do. */
  readonly fallback?: boolean;
  /** With the headers of cross-origin isolation. */
  readonly isolated?: boolean;
}

/** A server on the loopback address; what it holds may be changed while it runs. */
export class SmallServer {
  readonly files: ServedFiles;
  readonly #server: Server;

  private constructor(server: Server, files: ServedFiles) {
    this.#server = server;
    this.files = files;
  }

  static async start(
    files: ServedFiles,
    { fallback = false, isolated = false }: ServerOptions = {},
  ): Promise<SmallServer> {
    const page =
      '<!doctype html><html lang="en"><title>An application</title><script type="module" src="/main.js"></script></html>';
    const headers = isolated
      ? { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' }
      : {};
    const server = createServer((request, response) => {
      const name = new URL(request.url ?? '/', 'http://page').pathname;
      const body = files[name] ?? (name === '/' || fallback ? page : undefined);
      const type = body === page ? 'text/html' : (types[path.extname(name)] ?? 'application/octet-stream');
      response.writeHead(body === undefined ? 404 : 200, { ...headers, 'content-type': type });
      response.end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new SmallServer(server, files);
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }
}

/** Chromium without a window. */
export function openChromium(flags: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: executable,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--no-first-run',
      '--disable-background-networking',
      ...flags,
    ],
  });
}

/** Programs by name (`main`, `worker`), as a bundler makes files of them. */
export async function bundlePrograms(programs: Readonly<Record<string, string>>): Promise<ServedFiles> {
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(Object.keys(programs).map((name) => [name, `program:${name}`])),
    bundle: true,
    splitting: true,
    platform: 'browser',
    format: 'esm',
    outdir: '/',
    keepNames: true,
    write: false,
    logLevel: 'silent',
    plugins: [
      {
        name: 'programs',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^program:/ }, ({ path: name }) => ({ path: name.slice(8), namespace: 'program' }));
          onLoad({ filter: /.*/, namespace: 'program' }, ({ path: name }) => ({
            contents: programs[name],
            resolveDir: import.meta.dirname,
          }));
        },
      },
    ],
  });
  return Object.fromEntries(outputFiles.map(({ path: name, contents }) => [name, contents]));
}

/** Open the page of a server and wait until its program has set `globalThis.ready`. */
export async function openPage(browser: Browser, server: SmallServer): Promise<Page> {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.waitForFunction(() => 'ready' in globalThis);
  return page;
}
