import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { EnvironmentError, ProtocolError } from '@retinabench/core';
import type { BlobSource } from '../messages/run-setup.js';

/** Bytes that a coordinator lets its workers fetch by their SHA-256, and nothing else. */
export interface BlobServer {
  /** Where, and with which token. */
  readonly source: BlobSource;
  /** Let a file be fetched; as often as it is offered it has to be withdrawn. */
  offer(sha256: string, file: string): void;
  withdraw(sha256: string): void;
  /** Let bytes be fetched until the server is closed. */
  offerBytes(sha256: string, bytes: Uint8Array): void;
  close(): Promise<void>;
}

/** Addresses that stand for all of a machine, however they are written (`::ffff:0.0.0.0` is `0.0.0.0`). */
const everywhere = allAddresses();

const blobPath = /^\/blobs\/([0-9a-f]{64})$/;

/**
 * Serve bytes over HTTP to those who have the token.
 *
 * @param at address to listen on, `HOST` or `HOST:PORT`: one that workers reach, never all addresses at once.
 * @throws {ProtocolError} if it is no address, or stands for all.
 * @throws {EnvironmentError} if nothing can listen there.
 */
export async function serveBlobs(at: string): Promise<BlobServer> {
  const { host, port } = parseListen(at);
  await refuseEverywhere(host);
  const token = randomBytes(24).toString('base64url');
  const files = new Map<string, { readonly file: string; count: number }>();
  const bytes = new Map<string, Uint8Array>();
  const server = http.createServer((request, response) => {
    const sha256 = blobPath.exec(request.url ?? '')?.[1];
    const end = (status: number): void => {
      response.writeHead(status).end();
    };
    if (!isAuthorised(request.headers.authorization, token)) return end(401);
    if (request.method !== 'GET' || sha256 === undefined) return end(404);
    const held = bytes.get(sha256);
    if (held !== undefined) {
      response.writeHead(200, { 'content-length': held.length }).end(held);
      return;
    }
    const offered = files.get(sha256);
    if (offered === undefined) return end(404);
    sendFile(offered.file, sha256, response).catch(() => (response.headersSent ? response.destroy() : end(404)));
  });
  await listen(server, host, port);
  const address = server.address() as net.AddressInfo;
  return {
    source: { url: `http://${net.isIPv6(host) ? `[${host}]` : host}:${address.port}`, token },
    offer: (sha256, file) => {
      const held = files.get(sha256);
      if (held === undefined) files.set(sha256, { file, count: 1 });
      else held.count++;
    },
    withdraw: (sha256) => {
      const held = files.get(sha256);
      if (held !== undefined && --held.count === 0) files.delete(sha256);
    },
    offerBytes: (sha256, held) => {
      bytes.set(sha256, held);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Send a file if it still has the bytes that it was offered with; else say that those are gone (410). */
async function sendFile(file: string, sha256: string, response: http.ServerResponse): Promise<void> {
  const held = await readFile(file);
  if (createHash('sha256').update(held).digest('hex') !== sha256) response.writeHead(410).end();
  else response.writeHead(200, { 'content-length': held.length }).end(held);
}

/** Compares in a time that tells nothing of the token. */
function isAuthorised(header: string | undefined, token: string): boolean {
  const given = Buffer.from(header ?? '');
  const asked = Buffer.from(`Bearer ${token}`);
  return given.length === asked.length && timingSafeEqual(given, asked);
}

function parseListen(at: string): { readonly host: string; readonly port: number } {
  const url = URL.canParse(`http://${at}`) ? new URL(`http://${at}`) : undefined;
  const host = url?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (url === undefined || host === '' || url.pathname !== '/' || url.username !== '') {
    throw new ProtocolError(
      `--serve-images: expected HOST or HOST:PORT, got ${JSON.stringify(at)}; name an address of this machine that workers reach`,
    );
  }
  return { host, port: url.port === '' ? (/:\d+$/.test(at) ? 80 : 0) : Number(url.port) };
}

function allAddresses(): net.BlockList {
  const list = new net.BlockList();
  list.addAddress('0.0.0.0');
  list.addAddress('::', 'ipv6');
  return list;
}

/** @throws {ProtocolError} if a host is, or its name stands for, all addresses of this machine. */
async function refuseEverywhere(host: string): Promise<void> {
  // A name that is not known shows when it is listened on.
  const addresses = await lookup(host, { all: true }).catch(() => []);
  if (addresses.some(({ address, family }) => everywhere.check(address, family === 6 ? 'ipv6' : 'ipv4'))) {
    throw new ProtocolError(
      `--serve-images: ${host} stands for all addresses of this machine; name the one that workers reach`,
    );
  }
}

async function listen(server: http.Server, host: string, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new EnvironmentError(
          `--serve-images: cannot listen on ${host}:${port} (${cause.message}); name another address of this machine`,
          { cause },
        ),
      );
    });
    server.listen(port, host, resolve);
  });
}
