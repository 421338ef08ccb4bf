import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type BrowsedView, collectView } from '../../src/view/collect-view.js';
import { serveView, type ViewServer } from '../../src/view/serve/serve-view.js';
import { sizePx, writeFixture } from './fixture.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'view-server-'));
let view: BrowsedView;
let server: ViewServer;
let address: URL;

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
}

/** A request whose path is sent as it stands: `fetch` would tidy it up. */
function ask(place: string, options: { method?: string; headers?: Record<string, string> } = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port: address.port, path: place, ...options }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
    })
      .on('error', reject)
      .end();
  });
}

const below = (name: string): string => address.pathname + name;

beforeAll(async () => {
  await writeFixture(root);
  const at = (name: string): string => path.join(root, name);
  view = await collectView(
    [at('a.json'), at('b.json')],
    { gt: at('gt.json'), images: at('data'), pred: [at('pred-a.json'), at('pred-b.json')] },
    {},
  );
  server = await serveView(view, { script: 'start()', style: 'a {}' }, 0);
  address = new URL(server.address);
});
afterAll(() => {
  server.close();
  rmSync(root, { recursive: true, force: true });
});

describe('serveView', () => {
  it('serves the page under a policy that names nothing but itself', async () => {
    const { status, headers, body } = await ask(below(''));
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toMatch(/^default-src 'none'; script-src 'self';/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(body.toString()).toContain('<script src="main.js">');
    expect((await ask(below('main.js'))).body.toString()).toBe('start()');
    expect(address.hostname).toBe('127.0.0.1');
  });

  it('answers nothing without the token, nor with a wrong one', async () => {
    const token = address.pathname.split('/')[1];
    expect(token).toMatch(/^[0-9a-f]{48}$/);
    for (const place of ['/', '/index', `/${token}`, `/${token.slice(0, -1)}/`, `/${'0'.repeat(48)}/index`]) {
      expect([place, (await ask(place)).status]).toEqual([place, 404]);
    }
  });

  it('answers no page of another name that was made to point here', async () => {
    const status = async (host: string) => (await ask(below('index'), { headers: { host } })).status;
    expect(await status('evil.example')).toBe(404);
    expect(await status(`127.0.0.1.evil.example:${address.port}`)).toBe(404);
    // Through a forwarded port.
    expect(await status('localhost:9000')).toBe(200);
  });

  it.each([
    '../data/two/y.png',
    'image/../index',
    'image/%2e%2e%2f',
    'image/0/../../etc',
    'image//etc/passwd',
    'image/-1',
    'image/1e0',
    'image/0x1',
    'image/2',
    'image/99999999999',
    'image/',
    'image/0/0',
    'thumb/2',
    'face/0/2',
    'face/2/0',
    'face/0',
    'boxes/2/0',
    'boxes/0/2',
    'boxes/0',
    'constructor',
    'constructor/0',
    'hasOwnProperty/0',
    '__proto__',
  ])('knows nothing at %s', async (place) => {
    expect((await ask(below(place))).status).toBe(404);
  });

  it('takes nothing but GET and HEAD', async () => {
    expect((await ask(below('index'), { method: 'POST' })).status).toBe(405);
    const head = await ask(below('index'), { method: 'HEAD' });
    expect([head.status, head.body.length]).toEqual([200, 0]);
  });

  it('serves images whole, as they are, also where a range is asked for', async () => {
    const whole = await ask(below('image/0'));
    expect(whole.headers['content-type']).toBe('image/png');
    const ranged = await ask(below('image/0'), { headers: { range: 'bytes=0-3' } });
    expect([ranged.status, ranged.body.equals(whole.body)]).toEqual([200, true]);
    expect(await sharp(whole.body).metadata()).toMatchObject(sizePx);
  });

  it('serves small copies and cut-out faces', async () => {
    expect(await sharp((await ask(below('thumb/1'))).body).metadata()).toMatchObject({ format: 'jpeg', ...sizePx });
    const face = await ask(below('face/1/0'));
    expect(await sharp(face.body).metadata()).toMatchObject({ format: 'jpeg', width: 112, height: 112 });
  });

  it('cuts faces out of images as they are shown, turned by their orientation', async () => {
    const file = path.join(root, 'turned.jpg');
    // Stored 100 x 200, shown 200 x 100: the upper half as stored is red, which is the right half as shown.
    const red = { create: { width: 100, height: 100, channels: 3, background: '#ff0000' } } as const;
    await sharp({ create: { width: 100, height: 200, channels: 3, background: '#0000ff' } })
      .composite([{ input: await sharp(red).png().toBuffer(), top: 0, left: 0 }])
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(file);
    const turned = await serveView({ ...view, files: [file, file] }, { script: '', style: '' }, 0);
    const meanOf = async (name: string): Promise<number[]> => {
      const { channels } = await sharp(Buffer.from(await (await fetch(turned.address + name)).arrayBuffer())).stats();
      return channels.map(({ mean }) => Math.round(mean / 255));
    };
    // The face at (100, 10, 40, 40) of the first image lies with 20 px around it from 80 to 160: red for 60 of 80.
    // That of the second, at (50, 50, 30, 30), from 35 to 95: blue.
    expect(await meanOf('face/0/1')).toEqual([1, 0, 0]);
    expect(await meanOf('face/1/0')).toEqual([0, 0, 1]);
    turned.close();
  });

  it('serves the boxes of an image: faces, then detections as they are matched', async () => {
    const { body } = await ask(below('boxes/1/0'));
    const boxes = new Float32Array(Uint8Array.from(body).buffer);
    // Two faces; best first, that of 0.95 is on the second.
    expect([...boxes]).toEqual([10, 10, 20, 20, 100, 10, 40, 40, 100, 10, 40, 40, 10, 10, 20, 20]);
  });

  it('says of an image that is none what is wrong, and goes on', async () => {
    const file = path.join(root, 'broken.png');
    writeFileSync(file, 'no image');
    const broken = await serveView({ ...view, files: [file, undefined] }, { script: '', style: '' }, 0);
    const status = async (name: string) => fetch(broken.address + name);
    const reply = await status('thumb/0');
    expect([reply.status, await reply.text()]).toEqual([500, expect.stringMatching(/broken\.png: expected an image/)]);
    expect((await status('image/1')).status).toBe(404);
    expect((await status('index')).status).toBe(200);
    broken.close();
  });

  it('names a port that is taken', async () => {
    await expect(serveView(view, { script: '', style: '' }, Number(address.port))).rejects.toThrow(
      /choose another with --port/,
    );
  });
});
