import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

interface LockedPackage {
  readonly license?: string;
  readonly dev?: boolean;
  readonly link?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const lock = JSON.parse(await readFile('package-lock.json', 'utf8')) as { packages: Record<string, LockedPackage> };

/** Licences under which RetinaBench may use what it installs; LGPL only as libvips, a shared library of its own. */
const permissive = [
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  '(MIT OR CC0-1.0)',
];

describe('dependencies', () => {
  it('are all named in SECURITY.md, the ones that a package of ours asks for', async () => {
    const text = await readFile('SECURITY.md', 'utf8');
    const asked = Object.entries(lock.packages)
      .filter(([place]) => place !== '' && !place.includes('node_modules/'))
      .flatMap(([, { dependencies = {} }]) => Object.keys(dependencies))
      .filter((name) => !name.startsWith('@retinabench/'));
    expect(asked.length).toBeGreaterThan(0);
    const shortened = (name: string): string => name.replace('@tensorflow/tfjs-backend-', '-backend-');
    for (const name of new Set(asked)) expect(text).toContain(`\`${shortened(name)}\``);
  });

  it('have licences that allow their use', () => {
    const installed = Object.entries(lock.packages).filter(
      ([place, { dev, link }]) => place.includes('node_modules/') && !dev && !link,
    );
    expect(installed.length).toBeGreaterThan(0);
    for (const [place, { license }] of installed) {
      if (place.includes('@img/sharp-')) continue;
      expect([place, permissive.includes(license ?? '')]).toEqual([place, true]);
    }
  });
});
