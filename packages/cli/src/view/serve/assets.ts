import { readFile } from 'node:fs/promises';
import { EnvironmentError } from '@retinabench/core';

/** The page's program and style. */
export interface ViewAssets {
  readonly script: string;
  readonly style: string;
}

/**
 * Read what the report package bundled when it was built.
 *
 * @throws {EnvironmentError} if it was compiled and not bundled.
 */
export async function readViewAssets(): Promise<ViewAssets> {
  const read = (name: string): Promise<string> =>
    readFile(new URL(`./assets/view/${name}`, import.meta.resolve('@retinabench/report')), 'utf8');
  try {
    const [script, style] = await Promise.all([read('main.js'), read('view.css')]);
    return { script, style };
  } catch (cause) {
    throw new EnvironmentError(
      `the page's program is not built (${(cause as Error).message}); run npx nx build report, which bundles it`,
      { cause },
    );
  }
}
