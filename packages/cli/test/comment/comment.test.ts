import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { commentBody } from '../../src/comment/comment-body.js';
import { GithubServer } from './github-server.js';

const main = path.resolve(import.meta.dirname, '../../dist/main.js');
const token = 'ghs_secretOfTheTest';
let folder: string;
let server: GithubServer;
let apiUrl: string;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-comment-'));
  writeFileSync(path.join(folder, 'gate.md'), '### Gate: pass\n');
  writeFileSync(path.join(folder, 'event.json'), '{ "pull_request": { "number": 7 } }');
});
beforeEach(async () => {
  server = new GithubServer(token);
  apiUrl = await server.start();
  return () => server.stop();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Run the verb as a step of GitHub Actions would; the server is in this process, so this may not block. */
function comment(args: readonly string[], more: Record<string, string> = {}) {
  const env = {
    ...process.env,
    GITHUB_REPOSITORY: 'owner/repo',
    GITHUB_EVENT_PATH: path.join(folder, 'event.json'),
    GITHUB_API_URL: apiUrl,
    GITHUB_SERVER_URL: 'https://github.example',
    GITHUB_TOKEN: token,
    ...more,
  };
  const child = spawn(process.execPath, [main, 'comment', ...args], { cwd: folder, env });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.stderr += text));
  return new Promise<{ status: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (status) => resolve({ status, ...said }));
  });
}

describe('retinabench comment', () => {
  it('writes one comment and updates it in place, also behind 150 of others, and leaves theirs', async () => {
    for (let i = 0; i < 150; i++) server.add(`a word about <!-- retinabench:gate --> ${i}`);
    expect(await comment(['gate.md'])).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/issuecomment-151 \(new\)/),
    });
    writeFileSync(path.join(folder, 'later.md'), '### Gate: fail\n');
    expect((await comment(['later.md'])).stdout).toMatch(/issuecomment-151 \(updated\)/);
    expect((await comment(['gate.md', '--name', 'latency'])).stdout).toMatch(/issuecomment-152 \(new\)/);
    expect(server.comments.slice(149).map(({ body }) => body)).toEqual([
      'a word about <!-- retinabench:gate --> 149',
      expect.stringMatching(/^<!-- retinabench:gate [0-9a-f]{16} -->\n### Gate: fail\n$/),
      expect.stringMatching(/^<!-- retinabench:latency [0-9a-f]{16} -->\n### Gate: pass\n$/),
    ]);
  });

  it('prints under --dry-run what it would write, and asks GitHub nothing', async () => {
    const shown = await comment(['gate.md', '--dry-run'], { GITHUB_TOKEN: '' });
    expect(shown).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^<!-- retinabench:gate [0-9a-f]{16} -->\n### Gate: pass\n/),
    });
    expect(shown.stderr).toContain('nothing is written: the comment gate on pull request 7');
    expect(server.comments).toEqual([]);
  });

  // A token that may write comments may edit everybody's on GitHub, so that the author decides, not the text.
  it('leaves the comment of a person who copied its mark, with the token of a job and with that of another person', async () => {
    const copied = commentBody('gate', 'quoted by ada\n', []);
    server.add(copied, 'ada');
    expect((await comment(['gate.md'])).stdout).toMatch(/issuecomment-2 \(new\)/);
    server.viewer = 'grace';
    expect((await comment(['gate.md'])).stdout).toMatch(/issuecomment-3 \(new\)/);
    expect((await comment(['gate.md'])).stdout).toMatch(/issuecomment-3 \(updated\)/);
    server.viewer = undefined;
    expect((await comment(['gate.md'])).stdout).toMatch(/issuecomment-2 \(updated\)/);
    expect(server.comments.map(({ body, user }) => [user.login, body === copied])).toEqual([
      ['ada', true],
      ['github-actions[bot]', false],
      ['grace', false],
    ]);
  });

  it('updates its comment of an earlier version, whose mark had no digest', async () => {
    server.add('<!-- retinabench:gate -->\n### Gate: fail\n');
    server.add('<!-- retinabench:gate -->\nwritten by hand\n', 'ada');
    expect((await comment(['gate.md'])).stdout).toMatch(/issuecomment-1 \(updated\)/);
    expect(server.comments).toHaveLength(2);
    expect(server.comments[1].body).toContain('written by hand');
  });

  it('shows pictures from a branch that keeps the former ones', async () => {
    const png = await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
      .png()
      .toBuffer();
    writeFileSync(path.join(folder, 'worst (1).png'), png);
    writeFileSync(path.join(folder, 'other.png'), Buffer.concat([png, Buffer.from('x')]));
    expect((await comment(['gate.md', '--pictures', 'worst (1).png'])).status).toBe(0);
    expect((await comment(['gate.md', '--pictures', 'other.png'])).status).toBe(0);
    const commit = server.refs.get('retinabench-pictures') ?? '';
    const tree = server.trees.get(server.commits.get(commit)?.tree ?? '') ?? new Map<string, string>();
    expect([...tree.keys()]).toEqual([
      expect.stringMatching(/^7\/gate\/[0-9a-f]{16}-worst_1_\.png$/),
      expect.stringMatching(/^7\/gate\/[0-9a-f]{16}-other\.png$/),
    ]);
    expect(server.blobs.get([...tree.values()][0])).toEqual(png);
    expect(server.comments[0].body).toContain(
      `![other.png](https://github.example/owner/repo/blob/${commit}/${[...tree.keys()][1]}?raw=true)`,
    );
    writeFileSync(path.join(folder, 'page.png'), '<script>');
    expect((await comment(['gate.md', '--pictures', 'page.png'])).stderr).toMatch(
      /page\.png: expected a PNG, JPEG or WebP/,
    );
  });

  it('says what is missing, and never the token', async () => {
    server.refuses = 403;
    const refused = await comment(['gate.md']);
    expect(refused).toMatchObject({ status: 3, stderr: expect.stringMatching(/got 403 .*from a fork never may/) });
    const wrong = await comment(['gate.md'], { GITHUB_TOKEN: 'ghs_other' });
    expect(wrong).toMatchObject({ status: 3, stderr: expect.stringMatching(/got 401 /) });
    const unset = await comment(['gate.md'], { GITHUB_TOKEN: '' });
    expect(unset).toMatchObject({ status: 3, stderr: expect.stringMatching(/GITHUB_TOKEN: expected it to be set/) });
    writeFileSync(path.join(folder, 'push.json'), '{ "ref": "refs/heads/main" }');
    const push = await comment(['gate.md'], { GITHUB_EVENT_PATH: path.join(folder, 'push.json') });
    expect(push).toMatchObject({ status: 2, stderr: expect.stringMatching(/expected the event of a pull request/) });
    for (const { stdout, stderr } of [refused, wrong, unset, push]) expect(stdout + stderr).not.toMatch(/ghs_/);
  });

  it('is cut at a line where GitHub would refuse its length, and says so', () => {
    const body = commentBody('gate', 'a row of the table\n'.repeat(5000), [{ name: 'a', url: 'https://x' }]);
    expect(body.length).toBeLessThanOrEqual(65_536);
    expect(body).toMatch(/a row of the table\n\n\(Cut here: .*\)\n\n\n!\[a\]\(https:\/\/x\)\n$/s);
  });
});
