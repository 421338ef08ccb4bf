import type { BrowserState } from '@retinabench/backends';
import { renderTable } from '../terminal/table.js';
import { remedies } from './remedies.js';

/** Browsers that backends can run in, as a table, and below it how to get those that are not here. */
export function browserTable(browsers: readonly BrowserState[]): string {
  return [
    renderTable(
      [{ heading: 'browser' }, { heading: 'state' }, { heading: 'backends' }],
      browsers.map(({ name, executable, version, missing, backends }) => {
        const found = version === undefined ? [] : [`${version}, ${executable}`];
        if (missing === undefined) return [name, ...found, backends.join(' ')];
        return [name, [...found, 'not available'].join('; '), ''];
      }),
    ),
    ...remedies(browsers.flatMap(({ name, missing }) => (missing === undefined ? [] : [{ name, ...missing }]))),
  ].join('\n');
}
