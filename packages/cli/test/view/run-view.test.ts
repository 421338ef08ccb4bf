import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { runIn } from '../support/run-in.js';
import { writeFixture } from './fixture.js';

const root = mkdtempSync(path.join(os.tmpdir(), 'view-run-'));
const program = path.resolve(import.meta.dirname, '../../dist/main.js');
const args = ['view', 'a.json', 'b.json', '--gt', 'gt.json', '--images', 'data', '--pred', 'pred-a.json'];

beforeAll(() => writeFixture(root));
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('prints its address, serves the page, and ends with 0 on Ctrl-C', async () => {
  // Of an address that somebody passed on, the whole or the part from # on.
  const viewed = 'http://127.0.0.1:1234/0123/#image=two%2Fy.png&with=missed';
  const child = spawn(process.execPath, [program, ...args, '--pred', 'R2=pred-b.json', '--at', viewed, '--json'], {
    cwd: root,
  });
  let printed = '';
  child.stdout.setEncoding('utf8');
  child.stderr.resume();
  const ended = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  for await (const piece of child.stdout as AsyncIterable<string>) {
    printed += piece;
    if (printed.includes('\n')) break;
  }
  const { address, records, images } = JSON.parse(printed) as { address: string; records: number; images: number };
  expect([records, images]).toEqual([2, 2]);
  expect(address).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{48}\/#image=two%2Fy\.png&with=missed$/);
  const page = await fetch(address);
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('RetinaBench view')]);
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});

it('refuses records that have no boxes', async () => {
  const { status, stderr } = await runIn(root, 'view', 'gt.json');
  expect([status, stderr]).toEqual([2, expect.stringContaining('gt.json')]);
});
