import { readFile } from 'node:fs/promises';
import { EnvironmentError } from '@retinabench/core';
import type { PageAssets } from '@retinabench/report';

/** Program and style of each page, by their paths below the report package's assets. */
const bundles = {
  report: { script: 'main.js', style: 'page.css' },
  view: { script: 'view/main.js', style: 'view/view.css' },
} as const;

/**
 * A page's program and style, as bundled when the report package was built.
 *
 * @throws {EnvironmentError} if it was compiled and not bundled.
 */
export async function readPageAssets(page: keyof typeof bundles): Promise<PageAssets> {
  const read = (name: string): Promise<string> =>
    readFile(new URL(`./assets/${name}`, import.meta.resolve('@retinabench/report')), 'utf8');
  try {
    const [script, style] = await Promise.all([read(bundles[page].script), read(bundles[page].style)]);
    return { script, style };
  } catch (cause) {
    throw new EnvironmentError(
      `the page's program is not built (${(cause as Error).message}); run npx nx build report, which bundles it`,
      { cause },
    );
  }
}
