import { Command } from 'commander';
import { registerHelp } from './help/command.js';
import { registerVerbs, type Verb } from './register-verbs.js';

/** Every verb, in the order of its use. */
const verbs: readonly Verb[] = [
  {
    usage: 'detect [options] <input...>',
    description:
      'faces in photographs, folders and videos: on the terminal, as JSON, COCO results or CSV, drawn, cropped',
    load: async () => (await import('./detect/command.js')).registerDetect,
  },
  {
    usage: 'wider',
    description: 'WIDER FACE: average precision of a detector, or of predictions made by anything',
    load: async () => (await import('./wider/command.js')).registerWider,
  },
  {
    usage: 'ijbc',
    description: 'IJB-B, IJB-C and data sets in their file formats: face verification (1:1) and identification (1:N)',
    load: async () => (await import('./ijbc/command.js')).registerIjbc,
  },
  {
    usage: 'eval [options]',
    description: 'detect on annotated images of any form and evaluate: AP, F1, miss rate, time an image',
    load: async () => (await import('./eval/command.js')).registerEval,
  },
  {
    usage: 'score [options]',
    description: 'AP, F1 and miss rate of predictions of any form against annotations of any form',
    load: async () => (await import('./score/command.js')).registerScore,
  },
  {
    usage: 'calibrate [options]',
    description: 'fit a map from scores to precision, and measure it on images that it was not fitted on',
    load: async () => (await import('./calibrate/command.js')).registerCalibrate,
  },
  {
    usage: 'landmarks',
    description: 'landmark accuracy: normalised mean error, failure rate and area of points made by anything',
    load: async () => (await import('./landmarks/command.js')).registerLandmarks,
  },
  {
    usage: 'bench [options]',
    description: 'latency by stage of models on backends, interleaved in one run',
    load: async () => (await import('./bench/command.js')).registerBench,
  },
  {
    usage: 'parity [options]',
    description: 'how far every backend lies from the reference on one model: outputs, scores, boxes, AP',
    load: async () => (await import('./parity/command.js')).registerParity,
  },
  {
    usage: 'models',
    description: 'the model zoo, and cards of your own models: list, show, inspect, card, import, pull, quantize',
    load: async () => (await import('./models/command.js')).registerModels,
  },
  {
    usage: 'datasets',
    description: 'the data sets: list, pull, check; annotations: convert, audit',
    load: async () => (await import('./datasets/command.js')).registerDatasets,
  },
  {
    usage: 'report [options] <file...>',
    description: 'one offline HTML page that compares any number of records',
    load: async () => (await import('./report/command.js')).registerReport,
  },
  {
    usage: 'view [options] <record...>',
    description: 'browse all images of records: boxes by kind at any score, two records side by side, missed faces',
    load: async () => (await import('./view/command.js')).registerView,
  },
  {
    usage: 'compare [options] <baseline> <record>',
    description: 'two records against each other at once: differences with paired intervals, as a table',
    load: async () => (await import('./compare/command.js')).registerCompareRecords,
  },
  {
    usage: 'explain [options] [word...]',
    description: 'what a word of a record, a table or a protocol means: found, proposals, nmsIou, ap.hard',
    load: async () => (await import('./explain/command.js')).registerExplain,
  },
  {
    usage: 'gate [options]',
    description:
      'hold a record against a baseline, or the speed of head against base, by rules; exit 1 on a regression',
    load: async () => (await import('./gate/command.js')).registerGate,
  },
  {
    usage: 'baseline [options]',
    description: 'accept a record as the baseline and append the decision to the history',
    load: async () => (await import('./baseline/command.js')).registerBaseline,
  },
  {
    usage: 'comment [options] <file>',
    description: 'write the table of a gate or a report on the pull request, or update it there',
    load: async () => (await import('./comment/command.js')).registerComment,
  },
  {
    usage: 'fit [options]',
    description: 'fit the coloured face mesh to a photograph: analysis by synthesis with the differentiable renderer',
    load: async () => (await import('./fit/command.js')).registerFit,
  },
  {
    usage: 'init [options]',
    description: 'write retinabench.json, the rules of a gate and its workflow, after five questions or from flags',
    load: async () => (await import('./init/command.js')).registerInit,
  },
  {
    usage: 'worker [options]',
    description:
      'work on the runs of a queue, beside workers on other machines (--queue of wider, eval, detect, ijbc, bench)',
    load: async () => (await import('./queue/worker-command.js')).registerWorker,
  },
  {
    usage: 'queue',
    description: 'the queue of runs on more than one machine: status, drain, clean',
    load: async () => (await import('./queue/queue-command.js')).registerQueue,
  },
  {
    usage: 'doctor [options]',
    description: 'what is available here (backends, data sets, models, cores, cache) and how to get what is not',
    load: async () => (await import('./doctor/command.js')).registerDoctor,
  },
  {
    usage: 'completion [options] [shell] [words...]',
    description: 'completion of verbs, flags and their values for bash, zsh and fish',
    load: async () => (await import('./completion/command.js')).registerCompletion,
  },
];

const firstSteps = `
Examples:
  retinabench detect photo.jpg --draw drawn            faces in a photograph, and a picture of them
  retinabench doctor                                   what is available here, and how to get what is not
  retinabench wider hard                               AP of the embedded detector on the embedded data set
  retinabench wider score --pred DIR --gt DIR          score predictions made by anything

Flags of a verb: retinabench wider hard --help; of an Nx target: npx nx run eval-wider:hard -- --help
Guides: retinabench help gates, and others (retinabench help). Output has no colours; NO_COLOR and --no-colour are taken.`;

/**
 * The program, with the modules of the verb that the command line names and of no other. One folder per verb, each with a
 * `command.ts` that registers it.
 *
 * @param args what follows the program's name on the command line; absent: every verb is loaded.
 */
export async function buildProgram(args?: readonly string[]): Promise<Command> {
  const program = new Command('retinabench')
    .description('The benchmark and evaluation suite for face localisation.')
    .version('0.1.0')
    .exitOverride()
    .showHelpAfterError('(add --help for the flags)')
    .addHelpText('after', firstSteps)
    .hook('preAction', async (_, command) => (await import('./config/apply-config.js')).applyConfig(command));
  // `help wider` and `wider help score` ask for the verb that is named last.
  await registerVerbs(
    program,
    verbs,
    args?.filter((word) => !word.startsWith('-') && word !== 'help'),
  );
  registerHelp(program);
  return program;
}
