import { formatBytes } from '@retinabench/datasets';
import { defaultCacheDir } from '@retinabench/files';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';
import { type DatasetState, datasetStates } from './dataset-states.js';

/** The action of `retinabench datasets list`. */
export async function runList(flags: OutputFlags): Promise<void> {
  const output = outputOf(flags);
  const states = await datasetStates(defaultCacheDir());
  printResult(
    output,
    renderTable(
      [
        { heading: 'data set' },
        { heading: 'images', numeric: true },
        { heading: 'download', numeric: true },
        { heading: 'licence' },
        { heading: 'state' },
        { heading: 'what it is' },
      ],
      states.map((state) => [
        state.name,
        state.images.toLocaleString('en'),
        state.downloadBytes === undefined ? '' : formatBytes(state.downloadBytes),
        state.licence,
        describeState(state),
        state.title,
      ]),
    ),
  );
  printJson(output, states);
  if (!output.quiet) printNote('pull one with: retinabench datasets pull NAME --accept-licence');
}

function describeState({ state, root }: DatasetState): string {
  switch (state) {
    case 'embedded':
      return 'built on first use';
    case 'here':
      return `here: ${root}`;
    case 'pull':
      return 'can be pulled';
    case 'gated':
      return 'on application';
  }
}
