import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { EnvironmentError, isRetinaBenchError } from '@retinabench/core';
import type { PageAssets } from '@retinabench/report';
import { packIndex } from '@retinabench/report';
import type { BrowsedView } from '../collect-view.js';
import { boxesOfImage } from './boxes-of-image.js';
import { faceOf, fullImage, type Picture, thumbnail } from './pictures.js';

/** A server of one view. */
export interface ViewServer {
  /** With the path that cannot be guessed. */
  readonly address: string;
  close(): void;
}

/** A reply with 200, or undefined for 404. */
type Reply = Picture | undefined;

const page = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>RetinaBench view</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="view.css">
</head>
<body><p id="loading">Loading</p><noscript>The page needs its script.</noscript><script src="main.js"></script></body>
</html>
`;

const headers = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'accept-ranges': 'none',
};

/** Names under which a browser of this machine comes, also through a forwarded port. */
const hosts: ReadonlySet<string> = new Set(['127.0.0.1', 'localhost', '[::1]']);

/**
 * Serve a view on the loopback address, below a path that cannot be guessed. Images are asked for by their number, never by
 * a path, and none but those of the view are served. A request that names another host is refused: a page of elsewhere
 * whose name was made to point here.
 *
 * @param port 0: a free one.
 * @throws {EnvironmentError} if the port is taken.
 */
export async function serveView(view: BrowsedView, assets: PageAssets, port: number): Promise<ViewServer> {
  const token = randomBytes(24).toString('hex');
  const answer = answersOf(view, assets);
  const server = createServer((request, response) => {
    respond(request, response, token, answer).catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new EnvironmentError(
          `port ${port} of 127.0.0.1 cannot be taken (${cause.message}); choose another with --port`,
          {
            cause,
          },
        ),
      ),
    );
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}/${token}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** What is at each path below the token: a name and up to two numbers. */
function answersOf(view: BrowsedView, { script, style }: PageAssets): (path: readonly string[]) => Promise<Reply> {
  const text = (type: string, body: string): Picture => ({ type: `${type}; charset=utf-8`, body: Buffer.from(body) });
  const index = packIndex(view.index);
  const fixed: Readonly<Record<string, Picture>> = {
    '': text('text/html', page),
    'main.js': text('text/javascript', script),
    'view.css': text('text/css', style),
    index: { type: 'application/octet-stream', body: index },
  };
  const numbered: Readonly<Record<string, (...numbers: number[]) => Promise<Reply>>> = {
    image: async (image) => fullImage(view.files[image]),
    thumb: async (image) => thumbnail(view.files[image]),
    face: async (image, face) => faceOf(view, image, face),
    boxes: async (run, image) => boxesOfImage(view, run, image),
  };
  return async ([name = '', ...rest]) => {
    if (rest.length === 0) return Object.hasOwn(fixed, name) ? fixed[name] : undefined;
    const numbers = rest.map((part) => (/^\d{1,9}$/.test(part) ? Number(part) : -1));
    const isNumbered =
      Object.hasOwn(numbered, name) && !numbers.includes(-1) && numbers.length === numbered[name].length;
    return isNumbered ? numbered[name](...numbers) : undefined;
  };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  answer: (path: readonly string[]) => Promise<Reply>,
): Promise<void> {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  const [, first, ...path] = (request.url ?? '/').replace(/[?#].*$/s, '').split('/');
  if (!hosts.has(host) || first !== token || path.length === 0) return refuse(response, 404, 'nothing is here');
  if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(response, 405, 'only GET is answered');
  try {
    const reply = await answer(path);
    if (reply === undefined) return refuse(response, 404, 'nothing is here');
    // Pictures do not change while they are looked at; the rest is small.
    const cache = reply.type.startsWith('image/') ? 'private, max-age=3600' : 'no-store';
    const length = reply.body.byteLength;
    response.writeHead(200, {
      ...headers,
      'content-type': reply.type,
      'content-length': length,
      'cache-control': cache,
    });
    response.end(request.method === 'HEAD' ? undefined : reply.body);
  } catch (error) {
    if (!isRetinaBenchError(error)) throw error;
    refuse(response, 500, error.message);
  }
}

function refuse(response: ServerResponse, status: number, why: string): void {
  response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(why);
}
