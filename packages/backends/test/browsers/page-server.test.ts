import { request } from 'node:http';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PageServer } from '../../src/browsers/serve/page-server.js';
import type { PageQuestion } from '../../src/browsers/wire/calls.js';
import { packMessage, unpackMessage } from '../../src/browsers/wire/pack.js';

let server: PageServer;

beforeAll(async () => {
  server = await PageServer.start({ here: fileURLToPath(new URL('.', import.meta.url)) });
});
afterAll(() => server.close());

/** Status of a request whose path is sent as it is, dots included. */
function statusOf(target: string, headers: Record<string, string> = {}): Promise<number> {
  const { hostname, port } = new URL(server.url);
  return new Promise((resolve, reject) => {
    request({ hostname, port, path: target, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

test('the page is cross-origin isolated and served on the loopback address', async () => {
  const response = await fetch(server.url);
  expect(new URL(server.url).hostname).toBe('127.0.0.1');
  expect(response.status).toBe(200);
  expect(response.headers.get('cross-origin-opener-policy')).toBe('same-origin');
  expect(response.headers.get('cross-origin-embedder-policy')).toBe('require-corp');
});

test('nothing is served without the token, to another host, from other folders or outside of them', async () => {
  const { pathname } = new URL(server.url);
  expect(await statusOf(`${pathname}here/page-server.test.ts`)).toBe(200);
  expect(await statusOf('/')).toBe(404);
  expect(await statusOf(`/${'0'.repeat(48)}/`)).toBe(404);
  expect(await statusOf(pathname, { host: 'example.com' })).toBe(404);
  expect(await statusOf(`${pathname}there/page-server.test.ts`)).toBe(404);
  expect(await statusOf(`${pathname}here/..%2Fshared.ts`)).toBe(404);
  expect(await statusOf(`${pathname}here/../../shared.ts`)).toBe(404);
  expect(await statusOf(`${pathname}here/wire/pack.test.ts`)).toBe(404);
});

test('a question reaches the page that waits for it, and its reply comes back', async () => {
  const next = fetch(`${server.url}next`);
  const reply = server.ask({ id: 5, call: 'run', ask: { feeds: { x: { data: Float32Array.of(1.5), dims: [1] } } } });
  const question = unpackMessage<PageQuestion<'run'>>(new Uint8Array(await (await next).arrayBuffer()));
  expect(question.ask.feeds.x.data).toEqual(Float32Array.of(1.5));
  const body = packMessage({ id: question.id, answer: { outputs: { y: Float32Array.of(Number.NaN) } } });
  expect((await fetch(`${server.url}reply`, { method: 'POST', body })).status).toBe(204);
  expect(await reply).toEqual({ id: 5, answer: { outputs: { y: Float32Array.of(Number.NaN) } } });
});

test('the page is seen to go when its connection closes', async () => {
  const opened = new Promise<void>((resolve) => {
    server.onOpen = resolve;
  });
  const gone = new Promise<void>((resolve) => {
    server.onGone = resolve;
  });
  const leave = new AbortController();
  await fetch(`${server.url}alive`, { signal: leave.signal });
  await opened;
  leave.abort();
  await gone;
});
