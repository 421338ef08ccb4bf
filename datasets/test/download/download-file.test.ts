import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DatasetError, EnvironmentError, seededRandom } from '@retinabench/core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DownloadOptions, downloadFile } from '../../src/download/download-file.js';
import type { RemoteFile } from '../../src/download/remote-file.js';
import { type Behaviour, closeAfter, serve, startServer, type TestServer } from './server.js';

const random = seededRandom(8);
const content = Buffer.from(Array.from({ length: 300_000 }, () => Math.floor(random() * 256)));
const sha256 = createHash('sha256').update(content).digest('hex');
const quick = { attempts: 4, firstDelayMs: 1, largestDelayMs: 5, stallMs: 60_000 };

let work: string;
let servers: TestServer[];
let notes: string[];

beforeEach(async () => {
  work = await mkdtemp(path.join(os.tmpdir(), 'retinabench-download-'));
  servers = [];
  notes = [];
});

afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
  await rm(work, { recursive: true });
});

async function start(...behaviours: Behaviour[]): Promise<TestServer> {
  const server = await startServer((request, response, count) =>
    behaviours[Math.min(count, behaviours.length - 1)](request, response, count),
  );
  servers.push(server);
  return server;
}

function options(): DownloadOptions {
  return {
    folder: path.join(work, 'downloads'),
    pinFolder: path.join(work, 'pins'),
    retry: quick,
    onNote: (note) => notes.push(note),
  };
}

/** As others, but a transfer that stands still is broken off. */
function impatient(): DownloadOptions {
  return { ...options(), retry: { ...quick, stallMs: 2000 } };
}

function known(server: TestServer, ...others: TestServer[]): RemoteFile {
  const urls = [server, ...others].map(({ url }) => `${url}/data.bin`);
  return { name: 'data.bin', urls, sizeBytes: content.length, sha256 };
}

async function expectWhole(file: RemoteFile, using = options()): Promise<void> {
  const result = await downloadFile(file, using);
  expect(result).toMatchObject({ name: 'data.bin', sha256, sizeBytes: content.length });
  expect((await readFile(result.file)).equals(content)).toBe(true);
  expect(await readdir(using.folder)).toEqual(['data.bin']);
}

describe('downloadFile', () => {
  it('downloads once and answers from the disk afterwards', async () => {
    const server = await start(serve(content));
    await expectWhole(known(server));
    await expectWhole(known(server));
    expect(server.ranges).toEqual([undefined]);
  });

  it('replaces a file on the disk that is not what the manifest says', async () => {
    const server = await start(serve(content));
    await mkdir(options().folder);
    await writeFile(path.join(options().folder, 'data.bin'), 'something else');
    await expectWhole(known(server));
  });

  it('resumes with a range where the server closed the connection mid-file', async () => {
    const server = await start(closeAfter(content, 100_000), closeAfter(content, 50_000), serve(content));
    await expectWhole(known(server));
    expect(server.ranges).toEqual([undefined, 'bytes=100000-', 'bytes=150000-']);
    expect(notes[0]).toMatch(/after 100000 bytes/);
  });

  it('breaks off a stalled transfer and resumes it', async () => {
    const stall: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 70_000));
    };
    const server = await start(stall, serve(content));
    await expectWhole(known(server), impatient());
    expect(server.ranges).toEqual([undefined, 'bytes=70000-']);
    expect(notes[0]).toMatch(/stalled for 2 s/);
  });

  it('gets over a server that never answers', async () => {
    const server = await start(() => undefined, serve(content));
    await expectWhole(known(server), impatient());
  });

  it('keeps what it has when the server ignores ranges', async () => {
    const ignoring: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).end(content);
    };
    const server = await start(closeAfter(content, 100_000), ignoring);
    await expectWhole(known(server));
    expect(server.ranges).toEqual([undefined, 'bytes=100000-']);
  });

  it('does not lose a part to an error page that a server sends instead', async () => {
    const page: Behaviour = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html>please sign in</html>');
    };
    const server = await start(closeAfter(content, 100_000), page, serve(content));
    await expectWhole(known(server));
    expect(server.ranges).toEqual([undefined, 'bytes=100000-', 'bytes=100000-']);
  });

  it('drops a part that turns out to be of other bytes and starts over', async () => {
    const server = await start(serve(content));
    await mkdir(options().folder);
    await writeFile(path.join(options().folder, 'data.bin.part'), Buffer.alloc(1000, 7));
    await expectWhole(known(server));
    expect(server.ranges).toEqual(['bytes=1000-', undefined]);
  });

  it('drops a part that is too long', async () => {
    const server = await start(serve(content));
    await mkdir(options().folder);
    await writeFile(path.join(options().folder, 'data.bin.part'), Buffer.alloc(content.length + 5, 7));
    await expectWhole(known(server));
  });

  it('finishes a part that was complete when the process was killed, without asking again', async () => {
    const server = await start(serve(content));
    await mkdir(options().folder);
    await writeFile(path.join(options().folder, 'data.bin.part'), content);
    await expectWhole(known(server));
    expect(server.ranges).toEqual([]);
  });

  it('waits and tries again on 503, honouring Retry-After', async () => {
    const busy: Behaviour = (_request, response) => void response.writeHead(503, { 'retry-after': '0' }).end();
    const server = await start(busy, busy, serve(content));
    await expectWhole(known(server));
    expect(notes).toHaveLength(2);
  });

  it('goes on to the next URL on 404 and never shows wrong bytes of a bad mirror', async () => {
    const missing = await start((_request, response) => void response.writeHead(404).end());
    const wrong = Buffer.from(content);
    wrong[123_456] ^= 1;
    const bad = await start(serve(wrong));
    const good = await start(serve(content));
    await expectWhole(known(missing, bad, good));
    expect(notes.join('\n')).toMatch(/HTTP 404[\s\S]*expected sha256/);
  });

  it('refuses wrong bytes from every source, leaving nothing behind under the name', async () => {
    const wrong = Buffer.alloc(content.length, 1);
    const server = await start(serve(wrong));
    const attempt = downloadFile(known(server), options());
    await expect(attempt).rejects.toThrow(DatasetError);
    await expect(attempt).rejects.toThrow(new RegExp(`expected sha256 ${sha256}`));
    expect(await readdir(options().folder)).not.toContain('data.bin');
  });

  it('refuses a file of another size without downloading it', async () => {
    const server = await start(serve(Buffer.concat([content, Buffer.alloc(10)])));
    await expect(downloadFile(known(server), options())).rejects.toThrow(/has 300010 bytes, expected 300000/);
  });

  it('breaks off a source that sends more than it should', async () => {
    const endless: Behaviour = (_request, response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(content, more);
      };
      more();
    };
    const server = await start(endless);
    const attempt = downloadFile(known(server), options());
    await expect(attempt).rejects.toThrow(DatasetError);
    await expect(attempt).rejects.toThrow(/more than the 300000 bytes/);
  });

  it('gives up after the last round with every reason and the way to go on', async () => {
    const server = await start((_request, response) => response.destroy());
    const attempt = downloadFile(known(server), options());
    await expect(attempt).rejects.toThrow(EnvironmentError);
    await expect(attempt).rejects.toThrow(/run it again to resume.*RETINABENCH_MIRROR/);
    expect(server.ranges).toHaveLength(4);
  });

  it('does not count rounds that make progress', async () => {
    // Every answer breaks off after 70,000 of 300,000 bytes: five rounds, one more than the policy's four without progress.
    const server = await start(closeAfter(content, 70_000));
    await expectWhole(known(server));
    expect(server.ranges).toHaveLength(5);
  });

  it('sends name and password of a URL as a header and shows them in no message', async () => {
    const guarded: Behaviour = (request, response, count) => {
      // base64 of name:secret
      const known = request.headers.authorization === 'Basic bmFtZTpzZWNyZXQ=';
      if (known && count > 0) serve(content)(request, response, count);
      else response.writeHead(503).end();
    };
    const server = await start(guarded);
    await expectWhole({ ...known(server), urls: [`${server.url.replace('//', '//name:secret@')}/data.bin`] });
    expect(notes).toHaveLength(1);
    expect(notes[0]).not.toMatch(/secret/);
  });

  it('reads file: URLs, resuming them too', async () => {
    const source = path.join(work, 'source.bin');
    await writeFile(source, content);
    const file = { name: 'data.bin', urls: [pathToFileURL(source).href], sha256 };
    await mkdir(options().folder);
    await writeFile(path.join(options().folder, 'data.bin.part'), content.subarray(0, 1000));
    await expectWhole(file);
    await expect(
      downloadFile({ ...file, name: 'other', urls: [`${file.urls[0]}.missing`] }, options()),
    ).rejects.toThrow(/ENOENT/);
  });

  it('stops at once when told to, keeping the part', async () => {
    const server = await start((_request, response) => {
      response.writeHead(200, { 'content-length': content.length }).write(content.subarray(0, 70_000));
    });
    const controller = new AbortController();
    const attempt = downloadFile(known(server), {
      ...options(),
      signal: controller.signal,
      onBytes: (_file, doneBytes) => {
        if (doneBytes === 70_000) controller.abort();
      },
    });
    await expect(attempt).rejects.toMatchObject({ name: 'AbortError' });
    expect((await readFile(path.join(options().folder, 'data.bin.part'))).length).toBe(70_000);
  });

  it('names the folder that cannot be written', async () => {
    await writeFile(path.join(work, 'downloads'), 'a file where the folder should be');
    await expect(downloadFile({ name: 'data.bin', urls: [] }, options())).rejects.toThrow(/RETINABENCH_CACHE/);
  });
});

describe('downloadFile of a file known by URL alone', () => {
  it('pins the hash on first use and holds the next download to it', async () => {
    const server = await start(serve(content));
    const file: RemoteFile = { name: 'data.bin', urls: [`${server.url}/data.bin`] };
    expect((await downloadFile(file, options())).verifiedBy).toBe('first use');
    await rm(options().folder, { recursive: true });
    expect((await downloadFile(file, options())).verifiedBy).toBe('pin');
    await rm(options().folder, { recursive: true });
    const changed = Buffer.from(content);
    changed[0] ^= 1;
    const other = await start(serve(changed));
    await expect(downloadFile({ ...file, urls: [`${other.url}/data.bin`] }, options())).rejects.toThrow(DatasetError);
  });

  it('resumes only content with the same entity tag', async () => {
    const changed = Buffer.from(content.map((byte) => byte ^ 255));
    const server = await start(closeAfter(content, 100_000, '"v1"'), serve(changed, '"v2"'));
    const file: RemoteFile = { name: 'data.bin', urls: [`${server.url}/data.bin`] };
    const result = await downloadFile(file, options());
    expect(server.ranges).toEqual([undefined, 'bytes=100000-']);
    expect((await readFile(result.file)).equals(changed)).toBe(true);
  });

  it('does not piece together two URLs', async () => {
    const first = await start(
      closeAfter(content, 100_000, '"v1"'),
      (_request, response) => void response.writeHead(404).end(),
    );
    const second = await start(serve(content.map((byte) => byte ^ 255) as Buffer, '"v1"'));
    const file: RemoteFile = { name: 'data.bin', urls: [`${first.url}/data.bin`, `${second.url}/data.bin`] };
    await downloadFile(file, options());
    expect(second.ranges).toEqual([undefined]);
  });

  it('names a pin that was tampered with', async () => {
    await mkdir(path.join(work, 'pins'));
    await writeFile(path.join(work, 'pins', 'data.bin.json'), '{"sha256": "x"}');
    await expect(downloadFile({ name: 'data.bin', urls: [] }, options())).rejects.toThrow(
      /data\.bin\.json: .*delete it to pin/,
    );
  });
});
