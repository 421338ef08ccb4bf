import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPageData } from '../../src/page/build-page-data.js';
import { renderPage } from '../../src/page/render-page.js';
import { everyKindOfRecord, hostile, syntheticGallery, syntheticHistory } from './fixture.js';

const executable = process.env.RETINABENCH_CHROMIUM ?? '/usr/bin/chromium';
const flags = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
const packageRoot = path.resolve(import.meta.dirname, '../..');
const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

describe.skipIf(!existsSync(executable))(`the page in Chromium (skipped where ${executable} is absent)`, () => {
  let browser: Browser;
  let folder: string;
  let file: string;
  const complaints: string[] = [];

  beforeAll(async () => {
    execFileSync('npm', ['run', '--silent', 'bundle'], { cwd: packageRoot, stdio: 'ignore' });
    const read = (name: string): string => readFileSync(path.join(packageRoot, 'dist/assets', name), 'utf8');
    const data = buildPageData({
      title: `Page ${hostile}`,
      createdAt: '2026-01-02T03:04:05.000Z',
      command: `npx retinabench report ${hostile}`,
      records: everyKindOfRecord().map((record, index) => ({ file: `${hostile}${index}.json`, record })),
      baselines: [0],
      gallery: syntheticGallery(),
      history: syntheticHistory(),
      pairedApDifference: () => ({ difference: -0.01, interval: [-0.012, -0.008] }),
    });
    folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-page-'));
    file = path.join(folder, 'page.html');
    writeFileSync(file, renderPage(data, { script: read('main.js'), style: read('page.css') }));
    browser = await chromium.launch({ executablePath: executable, args: flags });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  async function open(options: { width?: number; colorScheme?: 'light' | 'dark' } = {}): Promise<Page> {
    const page = await browser.newPage({
      viewport: { width: options.width ?? 1280, height: 900 },
      colorScheme: options.colorScheme ?? 'light',
      acceptDownloads: true,
    });
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
    });
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('dialog', (dialog) => complaints.push(`dialog: ${dialog.message()}`));
    page.on('request', (request) => {
      if (!/^(file|data|blob):/.test(request.url())) complaints.push(`request: ${request.url()}`);
    });
    await page.goto(pathToFileURL(file).href);
    await page.waitForSelector('footer');
    return page;
  }

  it('draws every chart, without a console message or a network request', async () => {
    const page = await open();
    const inked = await page.evaluate(() =>
      [...document.querySelectorAll('canvas')].map((canvas) => {
        const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? [];
        let inked = 0;
        for (let i = 3; i < pixels.length; i += 4) if (pixels[i] > 0) inked++;
        return inked;
      }),
    );
    // Combinations, speed, three precision-recall, breakdown, latency, ROC, DET, scores, identification, loss, positives, trend.
    expect(inked).toHaveLength(14);
    for (const pixels of inked) expect(pixels).toBeGreaterThan(1000);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('shows hostile names as text', async () => {
    const page = await open();
    expect(await page.locator('h1').textContent()).toBe(`Page ${hostile}`);
    expect(await page.locator('main img[src="x"], main script, main iframe').count()).toBe(0);
    expect(await page.evaluate(() => 'broken' in window)).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('opens with the detectors side by side, each with its scale', async () => {
    const page = await open();
    expect(await page.locator('main section').first().getAttribute('id')).toBe('decision');
    // Two records at scale original with AP 0.74 and 0.7, one at long:640 with 0.47.
    const rows = page.locator('#decision .data-table').first().locator('tbody tr');
    const texts = await rows.allTextContents();
    const scaleOf = (ap: string) => /original|long:640/.exec(texts.find((text) => text.includes(ap)) ?? '')?.[0];
    expect(['74.00 %', '70.00 %', '47.00 %'].map(scaleOf)).toEqual(['original', 'original', 'long:640']);
    await page.close();
  });

  it.each([
    ['a policy as that of Jenkins', "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self';"],
    ['a policy without scripts', "script-src 'none'"],
  ])('shows its numbers under %s', async (_, policy) => {
    const page = await browser.newPage();
    const refused: string[] = [];
    page.on('console', (message) => refused.push(message.text()));
    await page.route('http://reports.test/**', (route) =>
      route.fulfill({
        body: readFileSync(file, 'utf8'),
        contentType: 'text/html',
        headers: { 'content-security-policy': policy },
      }),
    );
    await page.goto('http://reports.test/page.html');
    // The policy did refuse the script, and nothing was drawn by it.
    expect(refused.some((text) => /script/i.test(text))).toBe(true);
    expect(await page.locator('canvas').count()).toBe(0);
    const text = await page.locator('main').innerText();
    for (const number of ['74.00 %', '70.00 %', '47.00 %', 'ap.hard']) expect(text).toContain(number);
    expect(await page.locator('#no-script').isVisible()).toBe(true);
    expect(await page.locator('#accuracy').isVisible()).toBe(false);
    await page.close();
  });

  it('sorts a table by a column, both ways, and says so to screen readers', async () => {
    const page = await open();
    const table = page.locator('#records [data-name=Records] table');
    const heading = table.locator('th', { hasText: 'AP hard' });
    const column = async (): Promise<number[]> => {
      const texts = await table.locator('tbody tr td:nth-child(6)').allTextContents();
      return texts.filter((text) => text !== '–').map((text) => Number.parseFloat(text));
    };
    await heading.locator('button').click();
    expect(await heading.getAttribute('aria-sort')).toBe('descending');
    const descending = await column();
    expect(descending.length).toBeGreaterThan(2);
    expect(descending).toEqual([...descending].sort((a, b) => b - a));
    await heading.locator('button').press('Enter');
    expect(await heading.getAttribute('aria-sort')).toBe('ascending');
    expect(await column()).toEqual([...descending].reverse());
    await page.close();
  });

  it('filters rows by words and by mark', async () => {
    const page = await open();
    const section = page.locator('#differences');
    const rows = section.locator('tbody tr');
    const before = await rows.count();
    await section.locator('select').first().selectOption('not comparable');
    const marks = await section.locator('tbody .mark').allTextContents();
    expect(marks.length).toBeGreaterThan(0);
    expect(marks.length).toBeLessThan(before);
    expect(new Set(marks)).toEqual(new Set(['not comparable']));
    await section.locator('select').first().selectOption('');
    await section.locator('input[type=search]').fill('ap.hard');
    expect(await section.locator('tbody code').allTextContents()).toSatisfy((keys: string[]) =>
      keys.every((key) => key === 'ap.hard'),
    );
    await page.close();
  });

  it('takes a record out of the charts and puts it back', async () => {
    const page = await open();
    const summary = page.locator('figure', { hasText: 'Speed and accuracy' }).locator('.summary');
    const before = await summary.textContent();
    const chip = page.locator('.chip').nth(1);
    await chip.press('Space');
    expect(await chip.getAttribute('aria-pressed')).toBe('false');
    expect(await summary.textContent()).not.toBe(before);
    await chip.click();
    expect(await summary.textContent()).toBe(before);
    await page.close();
  });

  it('filters the gallery by event and hides a kind of box', async () => {
    const page = await open();
    const section = page.locator('#failures');
    expect(await section.locator('.shot').count()).toBe(2);
    await section.locator('select[aria-label=Event]').selectOption('1--Handshaking');
    expect(await section.locator('.shot').count()).toBe(1);
    expect(await section.locator('rect.miss').count()).toBe(1);
    await section.getByLabel('miss', { exact: true }).uncheck();
    expect(await section.locator('rect.miss').isVisible()).toBe(false);
    await page.close();
  });

  it('enlarges a picture of the gallery on click, and closes it on Escape', async () => {
    const page = await open();
    const picture = page.locator('#failures .picture').first();
    await picture.click();
    const dialog = page.locator('dialog.zoom');
    expect(await dialog.isVisible()).toBe(true);
    expect(await dialog.locator('rect').count()).toBe(await picture.locator('rect').count());
    await page.keyboard.press('ArrowRight');
    expect(await dialog.locator('.zoom-caption').textContent()).toContain('2 of 2');
    await page.keyboard.press('Escape');
    expect(await dialog.isVisible()).toBe(false);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('saves the numbers of a chart as CSV and JSON', async () => {
    const page = await open();
    const panel = page.locator('figure', { hasText: 'Latency by stage' });
    await panel.locator('summary', { hasText: 'Numbers' }).click();
    const save = async (format: string): Promise<string> => {
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        panel.getByRole('button', { name: `as ${format}` }).click(),
      ]);
      return readFileSync((await download.path()) ?? '', 'utf8');
    };
    const csv = await save('CSV');
    expect(csv.split('\r\n')[0]).toBe('Record,Stage,median ms,p95 ms,mad ms,n');
    const json = JSON.parse(await save('JSON'));
    expect(json).toHaveLength(csv.split('\r\n').length - 1);
    expect(json[0]).toMatchObject({ Stage: 'total', n: 100 });
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('draws the whole ROC that a record has, but for what a logarithmic axis cannot show', async () => {
    const page = await open();
    const panel = page.locator('figure', { has: page.locator('h3', { hasText: /^ROC$/ }) });
    await panel.locator('summary', { hasText: 'Numbers' }).click();
    await panel.locator('tbody tr').first().waitFor();
    // Five points of the curve, of which the one at FAR 0 is left out, and TAR at six targets.
    expect(await panel.locator('tbody tr').count()).toBe(4 + 6);
    await page.close();
  });

  it('states protocol, data set, machine and command of every record', async () => {
    const page = await open();
    for (const [index, record] of everyKindOfRecord().entries()) {
      const text = (await page.locator(`#R${index + 1}`).textContent()) ?? '';
      expect(text).toContain(record.protocol.id);
      expect(text).toContain(record.environment.cpu);
      if (record.dataset !== undefined) expect(text).toContain(record.dataset.name);
      if (record.command !== undefined) expect(text).toContain(record.command);
    }
    await page.close();
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 390],
  ] as const)(
    'has no serious accessibility violation in %s at %i px, and does not scroll sideways',
    async (colorScheme, width) => {
      const page = await open({ colorScheme, width });
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      expect(await page.evaluate(() => document.documentElement.dataset.theme)).toBe(colorScheme);
      await page.evaluate(readFileSync(axe, 'utf8'));
      const violations = await page.evaluate(async () => {
        const { axe: runner } = window as unknown as {
          axe: { run(): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }> };
        };
        return (await runner.run()).violations.map(({ id, impact, nodes }) => ({ id, impact, html: nodes[0].html }));
      });
      expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
      await page.close();
    },
  );

  it('switches the theme and redraws the charts in its colours', async () => {
    const page = await open();
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const light = await background();
    await page.locator('#theme').selectOption('dark');
    expect(await background()).not.toBe(light);
    expect(complaints).toEqual([]);
    await page.close();
  });

  it('is under 2 MB', () => {
    expect(statSync(file).size).toBeLessThan(2_000_000);
  });
});
