import type { BrowserState } from '@retinabench/backends';
import { renderTable } from '../terminal/table.js';

/** Browsers that backends can run in, as a table. */
export function browserTable(browsers: readonly BrowserState[]): string {
  return renderTable(
    [{ heading: 'browser' }, { heading: 'state' }, { heading: 'backends, or how to get it' }],
    browsers.map(({ name, executable, version, missing, backends }) => {
      const found = version === undefined ? [] : [`${version}, ${executable}`];
      if (missing === undefined) return [name, ...found, backends.join(' ')];
      return [name, [...found, `not available: ${missing.reason}`].join('; '), missing.remedy];
    }),
  );
}
