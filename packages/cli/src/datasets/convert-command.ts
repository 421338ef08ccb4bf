import { annotationFormats, predictionFormats } from '@retinabench/annotations/settings';
import { type Command, Option } from 'commander';
import { addReadingFlags } from '../annotated/reading-flags.js';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags } from '../terminal/flags.js';

const formats: readonly string[] = [...new Set<string>([...annotationFormats, ...predictionFormats])];

const help = `
Annotations: ${annotationFormats.join(', ')}. Predictions: ${predictionFormats.join(', ')}.
IN may also be WIDER FACE's .mat files, or a run folder of this program. docs/annotations.md says what each form holds.
What the target cannot hold is counted before anything is written; --strict refuses it. PATH must not exist yet.

Examples:
  retinabench datasets convert ground-truth.json --to yolo --out yolo
  retinabench datasets convert VOCdevkit/VOC2012 --to coco --out faces.json --split val
  retinabench datasets convert labels --images photos --to csv --out faces.csv --strict
  retinabench datasets convert predictions.json --gt ground-truth.json --to wider --out predictions

Exit codes: 0 written; 2 invalid input, or losses with --strict; 3 environment.
`;

/** Register `retinabench datasets convert`. */
export function registerDatasetsConvert(datasets: Command): void {
  const command = datasets
    .command('convert')
    .argument('<in>', 'annotations or predictions: a file or folder')
    .description('annotations or predictions in another form, and what that form cannot hold')
    .addOption(new Option('--to <form>', 'the form to write').choices(formats).makeOptionMandatory())
    .requiredOption('--out <path>', 'the new file or folder')
    .addOption(
      new Option('--kind <kind>', 'what is read, where its form does not say it').choices([
        'annotations',
        'predictions',
      ]),
    )
    .option('--gt <path>', 'of predictions: the annotations that they belong to, for names, ids and sizes of images')
    .option('--strict', 'write nothing if the form cannot hold everything');
  addReadingFlags(addReadingFlags(command, 'in'), 'gt');
  addOutputFlags(command)
    .addHelpText('after', help)
    .action(lazyAction(async () => (await import('./run-convert.js')).runConvert));
}
