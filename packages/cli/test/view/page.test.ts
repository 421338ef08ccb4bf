import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPageAssets } from '../../src/page/page-assets.js';
import { collectView } from '../../src/view/collect-view.js';
import { serveView, type ViewServer } from '../../src/view/serve/serve-view.js';
import { names, writeFixture } from './fixture.js';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];

describe.skipIf(!existsSync(executable))(`the page of view in Chromium (skipped where ${executable} is absent)`, () => {
  const root = mkdtempSync(path.join(os.tmpdir(), 'view-page-'));
  const complaints: string[] = [];
  let browser: Browser;
  let server: ViewServer;
  let page: Page;

  beforeAll(async () => {
    await writeFixture(root);
    const at = (name: string): string => path.join(root, name);
    const given = { gt: at('gt.json'), images: at('data'), pred: [at('pred-a.json'), at('pred-b.json')], port: 0 };
    server = await serveView(
      await collectView([at('a.json'), at('b.json')], given, {}),
      await readPageAssets('view'),
      0,
    );
    browser = await chromium.launch({ executablePath: executable, args: flags });
    page = await browser.newPage({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => {
      if (!request.url().startsWith(server.address) && !/^(blob|data):/.test(request.url()))
        complaints.push(request.url());
    });
    await page.goto(server.address);
    await page.waitForSelector('.row');
  });
  afterAll(async () => {
    await browser?.close();
    server?.close();
    rmSync(root, { recursive: true, force: true });
  });

  const caption = () => page.locator('.caption');
  const totals = (record: number) => page.locator('.slider .totals').nth(record).textContent();

  it('opens with both records at their own score, names as text', async () => {
    expect(await page.locator('.row .row-name').allTextContents()).toEqual(['<b>x.png', 'y.png']);
    // As collect-view.test.ts works out by hand.
    expect(await totals(0)).toContain('2 found, 1 missed, 2 false');
    expect(await totals(1)).toContain('1 found, 2 missed, 0 false');
    await page.waitForFunction(() => document.querySelector('.caption')?.textContent?.includes('R2:'));
    expect(await caption().textContent()).toBe(
      `${names[0]}  |  R1: 1 hit, 1 miss, 1 localisation, 1 duplicate  |  R2: 1 hit, 1 miss`,
    );
    expect(await page.locator('canvas.pane').count()).toBe(2);
  });

  it('draws boxes on the image where they are', async () => {
    // The image is 200 x 100 and fitted to the pane. The first face, at (10, 10, 20, 20), is found, and again by a duplicate,
    // which lies below: the edge is green. Elsewhere the image is #336699.
    const green = () =>
      page
        .locator('canvas.pane')
        .first()
        .evaluate((pane: HTMLCanvasElement) => {
          const copy = document.createElement('canvas');
          [copy.width, copy.height] = [pane.width, pane.height];
          const context = copy.getContext('2d', { willReadFrequently: true });
          context?.drawImage(pane, 0, 0);
          const scale = Math.min(pane.width / 200, pane.height / 100);
          const [left, top] = [(pane.width - 200 * scale) / 2, (pane.height - 100 * scale) / 2];
          const at = (x: number, y: number) =>
            context?.getImageData(Math.round(left + x * scale), Math.round(top + y * scale), 1, 1).data ?? [];
          const [edge, inside] = [at(10, 20), at(20, 20)];
          return { isGreen: edge[1] > 120 && edge[0] < 80, inside: [...inside].slice(0, 3) };
        });
    await expect.poll(green).toEqual({ isGreen: true, inside: [0x33, 0x66, 0x99] });
  });

  it('follows the slider', async () => {
    const slider = page.locator('input.score').first();
    await slider.fill('750');
    await expect.poll(() => totals(0)).toContain('1 found, 2 missed, 1 false');
    await expect.poll(() => caption().textContent()).toContain('R1: 1 hit, 1 miss, 1 duplicate');
    await slider.fill('500');
    await expect.poll(() => totals(0)).toContain('2 found, 1 missed, 2 false');
  });

  it('keeps what a filter asks for, and what changed alone', async () => {
    const rows = page.locator('.row .row-name');
    await page.getByLabel('With').selectOption('duplicate');
    expect(await rows.allTextContents()).toEqual(['<b>x.png']);
    await page.getByLabel('With').selectOption('anything');
    // With both at 1 nothing is found: nothing changed.
    for (const record of [0, 1]) await page.locator('input.score').nth(record).fill('1000');
    await page.getByLabel('only what changed').check();
    await expect.poll(() => rows.count()).toBe(0);
    // The second record at 0.95 finds the second face of the first image.
    await page.locator('input.score').nth(1).fill('950');
    await expect.poll(() => rows.allTextContents()).toEqual(['<b>x.png']);
    await page.keyboard.press('Escape');
    await page.locator('.caption').click();
    await page.keyboard.press('c');
    expect(await rows.count()).toBe(2);
  });

  it('saves the marked images as a list, a name a line', async () => {
    await page.keyboard.press('j');
    await page.keyboard.press('x');
    expect(await page.locator('.list .count').textContent()).toContain('1 marked');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')]);
    expect(readFileSync(await download.path(), 'utf8')).toBe(`${names[1]}\n`);
    await page.keyboard.press('x');
    const [all] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('e')]);
    expect(readFileSync(await all.path(), 'utf8')).toBe(`${names.join('\n')}\n`);
  });

  it('keeps what is shown in the address, opens there again, and says what of a link it does not have', async () => {
    const state = () =>
      page.evaluate(() => ({
        caption: document.querySelector('.caption')?.textContent,
        rows: [...document.querySelectorAll('.row .row-name')].map(({ textContent }) => textContent),
        fields: [...document.querySelectorAll('.controls select, .controls input, .exact')].map((field) => {
          const { value, checked } = field as HTMLInputElement;
          return [value, checked];
        }),
      }));
    await page.getByLabel('With').selectOption('missed');
    await page.getByLabel('Lowest height in pixels').fill('25');
    await page.getByLabel('Exact score of R1').fill('0.85');
    await page.getByLabel('Exact score of R1').press('Enter');
    await page.locator('.row').nth(1).click();
    await expect.poll(() => caption().textContent()).toContain(names[1]);
    await page.waitForFunction(() => location.hash.includes('two%2Fy.png') && location.hash.includes('0.85'));
    const hash = await page.evaluate(() => location.hash);
    expect(hash).toMatch(/^#image=two%2Fy\.png&score\.R1=0\.85&score\.R2=[\d.]+&with=missed&from=25&of=[0-9a-f]{8}$/);
    const before = await state();
    const other = await browser.newPage();
    await other.goto(server.address + hash);
    await other.waitForSelector('.row');
    await expect.poll(() => other.locator('.caption').textContent()).toBe(before.caption);
    expect(await other.locator('.row .row-name').allTextContents()).toEqual(before.rows);
    expect(
      await other
        .locator('.controls select, .controls input, .exact')
        .evaluateAll((fields) =>
          fields.map((field) => [(field as HTMLInputElement).value, (field as HTMLInputElement).checked]),
        ),
    ).toEqual(before.fields);
    expect(await other.locator('.doubts').isVisible()).toBe(false);
    await other.evaluate(() => {
      location.hash = '#image=gone.png&record=R2&beside=none';
    });
    await expect.poll(() => other.locator('.doubts').textContent()).toContain('image: expected');
    expect(await other.locator('canvas.pane').count()).toBe(1);
    await other.close();
    await page.getByLabel('With').selectOption('anything');
    await page.getByLabel('Lowest height in pixels').fill('');
    for (const record of [0, 1]) await page.locator('input.score').nth(record).fill('1000');
    await page.locator('.caption').click();
  });

  it('shows all missed faces, and the image of one that is chosen', async () => {
    // The first record at 1 misses all three.
    await page.keyboard.press('m');
    await page.waitForSelector('.face img');
    expect(await page.locator('.face').allTextContents()).toEqual(['40 px', '30 px', '20 px']);
    await page.locator('.face').first().click();
    await expect.poll(() => caption().textContent()).toContain(names[0]);
    expect(await page.locator('.misses').isVisible()).toBe(false);
  });

  it.each(['light', 'dark'])('is accessible by the rules of axe in the %s theme', async (theme) => {
    await page.locator('#theme').selectOption(theme);
    await page.evaluate(readFileSync(axe, 'utf8'));
    const violations = await page.evaluate(async () => {
      const { axe: runner } = window as unknown as {
        axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
      };
      const { violations } = await runner.run();
      return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
    });
    expect(violations).toEqual([]);
  });

  it('names its keys at ?, and complains of nothing', async () => {
    await page.keyboard.press('?');
    expect(await page.locator('dialog.help').innerText()).toContain('next image');
    await page.keyboard.press('Escape');
    expect(complaints).toEqual([]);
  });
});
