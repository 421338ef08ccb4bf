import { createHash } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { BackendError } from '@retinabench/core';
import { afterEach, expect, test } from 'vitest';
import { fetchBlob } from '../../src/blobs/fetch-blob.js';

const bytes = Buffer.from('an image');
const sha256 = createHash('sha256').update(bytes).digest('hex');
const servers: http.Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A server that answers each request as it is told, the last answer for ever. @returns its URL, and how often it was asked. */
async function answering(answers: readonly ((response: http.ServerResponse) => void)[]) {
  let asked = 0;
  const server = http.createServer((_, response) => answers[Math.min(asked++, answers.length - 1)](response));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, asked: () => asked };
}

test('asks again where the connection breaks, until the bytes come', async () => {
  const broken = (response: http.ServerResponse): void => void response.destroy();
  const { url, asked } = await answering([broken, broken, (response) => void response.end(bytes)]);
  expect(Buffer.from(await fetchBlob({ url, token: 'secret' }, sha256))).toEqual(bytes);
  expect(asked()).toBe(3);
});

test('takes in no more bytes than asked for, and says when a file was replaced', async () => {
  const long = await answering([(response) => void response.end(bytes)]);
  await expect(fetchBlob({ url: long.url, token: 'secret' }, sha256, 7)).rejects.toThrow('more than 7 bytes');
  expect(long.asked()).toBe(1);
  // 'an image' has 8.
  expect(await fetchBlob({ url: long.url, token: 'secret' }, sha256, 8)).toHaveLength(8);
  const replaced = await answering([(response) => void response.writeHead(410).end()]);
  await expect(fetchBlob({ url: replaced.url, token: 'secret' }, sha256)).rejects.toThrow(
    'its file was replaced there',
  );
  expect(replaced.asked()).toBe(1);
});

test('gives up at once where the token is refused, and does not say it', async () => {
  const { url, asked } = await answering([(response) => void response.writeHead(401).end()]);
  const error = await fetchBlob({ url, token: 'secret' }, sha256).catch((reason: unknown) => reason as Error);
  expect(error).toBeInstanceOf(BackendError);
  expect(String(error)).toContain('status 401');
  expect(String(error)).not.toContain('secret');
  expect(asked()).toBe(1);
});
