import { mkdirSync, mkdtempSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFresh, keepStamp } from './stamp.mjs';

describe('stamps of bundles', () => {
  let work: string;
  const at = (name: string): string => path.join(work, name);
  const fresh = (): boolean => isFresh(at('stamp.json'), [at('source')], [at('made')]);

  beforeEach(() => {
    work = mkdtempSync(path.join(os.tmpdir(), 'stamp-'));
    for (const folder of ['source', 'made']) mkdirSync(at(folder));
    for (const file of ['source/a.js', 'source/b.d.ts', 'made/page.js']) writeFileSync(at(file), 'first');
    keepStamp(at('stamp.json'), [at('source')], [at('made')]);
  });
  afterEach(() => rmSync(work, { recursive: true, force: true }));

  it('are fresh while nothing has changed, whenever a source was touched', () => {
    utimesSync(at('source/a.js'), 0, 0);
    expect(fresh()).toBe(true);
  });

  it('take no notice of declarations, which no bundle holds', () => {
    writeFileSync(at('source/b.d.ts'), 'other');
    expect(fresh()).toBe(true);
  });

  it.each([
    ['a source of other content', () => writeFileSync(at('source/a.js'), 'other')],
    ['a new source', () => writeFileSync(at('source/c.js'), '')],
    ['a deleted result', () => rmSync(at('made/page.js'))],
    ['a result of another size', () => writeFileSync(at('made/page.js'), 'longer than first')],
    [
      'a result written later',
      () => utimesSync(at('made/page.js'), 1, statSync(at('made/page.js')).mtimeMs / 1000 + 5),
    ],
    ['a deleted stamp', () => rmSync(at('stamp.json'))],
  ])('are stale after %s', (_, change) => {
    change();
    expect(fresh()).toBe(false);
  });
});
