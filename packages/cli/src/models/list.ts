import { defaultModelFolders, type KnownModel, knownModels } from '@retinabench/models/node';
import type { Command } from 'commander';
import { addOutputFlags, type OutputFlags, outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { renderTable } from '../terminal/table.js';

/** Register `retinabench models list`. */
export function registerModelsList(models: Command): void {
  addOutputFlags(models.command('list').description('the models that --model takes, and whether each can be used here'))
    .addHelpText('after', '\nExample:\n  retinabench models list --json')
    .action(runList);
}

async function runList(flags: OutputFlags): Promise<void> {
  const output = outputOf(flags);
  const folders = defaultModelFolders();
  const known = await knownModels(folders);
  printJson(output, { models: known });
  printResult(
    output,
    renderTable(
      [
        { heading: 'id' },
        { heading: 'task' },
        { heading: 'origin' },
        { heading: 'state' },
        { heading: 'parameters', numeric: true },
        { heading: 'published AP (easy / medium / hard)' },
        { heading: 'licence' },
      ],
      known.map((model) => [
        model.id,
        model.task,
        model.origin,
        model.state,
        model.parameters?.toLocaleString('en') ?? '',
        describePublished(model),
        model.licence,
      ]),
    ),
  );
  if (!output.quiet) printNote(`cache: ${folders.cacheFolder}; shared data: ${folders.sharedFolder}`);
}

/** The first published AP with its protocol, in percent. */
function describePublished({ published }: KnownModel): string {
  const first = published?.[0];
  if (first === undefined) return '';
  const { easy, medium, hard } = first.ap;
  return `${[easy, medium, hard].map((ap) => (ap * 100).toFixed(1)).join(' / ')}, ${first.protocol}`;
}
