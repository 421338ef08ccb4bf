import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** How the server of a test answers one request, counted from 0. */
export type Behaviour = (request: IncomingMessage, response: ServerResponse, count: number) => void;

/** A local HTTP server and what it was asked. */
export interface TestServer {
  readonly url: string;
  readonly ranges: (string | undefined)[];
  close(): Promise<void>;
}

/** Start a server on a free port of this machine. */
export async function startServer(behaviour: Behaviour): Promise<TestServer> {
  const ranges: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    ranges.push(request.headers.range);
    behaviour(request, response, ranges.length - 1);
  });
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    ranges,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Serve `content` as a good server does: ranges, `If-Range`, an entity tag. */
export function serve(content: Buffer, tag = '"v1"'): Behaviour {
  return (request, response) => {
    const range = /^bytes=(\d+)-$/.exec(request.headers.range ?? '');
    const condition = request.headers['if-range'];
    response.setHeader('etag', tag);
    if (range === null || (condition !== undefined && condition !== tag)) {
      response.writeHead(200, { 'content-length': content.length }).end(content);
      return;
    }
    const start = Number(range[1]);
    if (start >= content.length) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    response
      .writeHead(206, {
        'content-length': content.length - start,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      })
      .end(content.subarray(start));
  };
}

/** Promise `content` and close the connection after `bytes` of what was asked for. */
export function closeAfter(content: Buffer, bytes: number, tag = '"v1"'): Behaviour {
  return (request, response) => {
    const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    const headers = { 'content-length': content.length - start, etag: tag };
    if (start > 0) {
      response.writeHead(206, {
        ...headers,
        'content-range': `bytes ${start}-${content.length - 1}/${content.length}`,
      });
    } else {
      response.writeHead(200, headers);
    }
    response.write(content.subarray(start, start + bytes), () => setTimeout(() => response.destroy(), 20));
  };
}
