import { defaultModelFolders, type KnownModel, knownModels } from '@retinabench/models/node';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { startProgress } from '../terminal/progress.js';
import { type Column, renderTable } from '../terminal/table.js';
import type { ModelCosts } from './multiply-adds.js';

interface ListFlags extends OutputFlags {
  readonly verbose?: boolean;
}

/** The action of `retinabench models list`. */
export async function runList(flags: ListFlags): Promise<void> {
  const output = outputOf(flags);
  const folders = defaultModelFolders();
  const known: (KnownModel & Partial<ModelCosts>)[] = await knownModels(folders);
  if (flags.verbose) {
    const { costsOf } = await import('./multiply-adds.js');
    const progress = startProgress(output, known.length, 'models');
    for (const [index, model] of known.entries()) {
      known[index] = { ...model, ...(await costsOf(model, folders)) };
      progress.update(index + 1);
    }
    progress.stop();
  }
  printJson(output, { models: known });
  const numbers: Column[] = [{ heading: 'parameters', numeric: true }];
  if (flags.verbose) numbers.push({ heading: 'MB', numeric: true }, { heading: 'multiply-adds (G)', numeric: true });
  printResult(
    output,
    renderTable(
      [
        { heading: 'id' },
        { heading: 'task' },
        { heading: 'origin' },
        { heading: 'state' },
        ...numbers,
        { heading: 'published AP (easy / medium / hard)' },
        { heading: 'licence' },
      ],
      known.map((model) => [
        model.id,
        model.task,
        model.origin,
        model.state,
        model.parameters?.toLocaleString('en') ?? '',
        ...(flags.verbose ? [inUnits(model.bytes, 1e6, 1), inUnits(model.multiplyAdds, 1e9, 3)] : []),
        describePublished(model),
        model.licence,
      ]),
    ),
  );
  if (!output.quiet) printNote(`cache: ${folders.cacheFolder}; shared data: ${folders.sharedFolder}`);
}

function inUnits(value: number | undefined, unit: number, digits: number): string {
  return value === undefined ? '' : (value / unit).toFixed(digits);
}

/** The first published AP with its protocol, in percent. */
function describePublished({ published }: KnownModel): string {
  const first = published?.[0];
  if (first === undefined) return '';
  const { easy, medium, hard } = first.ap;
  return `${[easy, medium, hard].map((ap) => (ap * 100).toFixed(1)).join(' / ')}, ${first.protocol}`;
}
