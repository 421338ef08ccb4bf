import { Command } from 'commander';

/** Registers a verb with the program; `next` is the word after it on the command line. */
type Register = (program: Command, next?: string) => void | Promise<void>;

/** Every verb, in the order of its use; loaded when asked for, so that one verb does not pay for the others' runtimes. */
const verbs: Readonly<Record<string, () => Promise<Register>>> = {
  wider: async () => (await import('./wider/command.js')).registerWider,
  ijbc: async () => (await import('./ijbc/command.js')).registerIjbc,
  bench: async () => (await import('./bench/command.js')).registerBench,
  parity: async () => (await import('./parity/command.js')).registerParity,
  models: async () => (await import('./models/command.js')).registerModels,
  datasets: async () => (await import('./datasets/command.js')).registerDatasets,
  report: async () => (await import('./report/command.js')).registerReport,
  gate: async () => (await import('./gate/command.js')).registerGate,
  baseline: async () => (await import('./baseline/command.js')).registerBaseline,
  fit: async () => (await import('./fit/command.js')).registerFit,
  doctor: async () => (await import('./doctor/command.js')).registerDoctor,
};

const firstSteps = `
Examples:
  retinabench doctor                                   what is available here, and how to get what is not
  retinabench wider hard                               AP of the embedded detector on the embedded data set
  retinabench wider score --pred DIR --gt DIR          score predictions made by anything

Flags of a verb: retinabench wider hard --help; of an Nx target: npx nx run eval-wider:hard -- --help`;

/**
 * The program with the verb that the command line names, or with all of them where it names none that there is (help,
 * a typing error). One folder per verb, each with a `command.ts` that registers it.
 *
 * @param verb the first word of the command line.
 * @param next the second.
 */
export async function buildProgram(verb?: string, next?: string): Promise<Command> {
  const program = new Command('retinabench')
    .description('The benchmark and evaluation suite for face localisation.')
    .version('0.1.0')
    .exitOverride()
    .showHelpAfterError('(add --help for the flags)')
    .addHelpText('after', firstSteps);
  const asked = verb !== undefined && Object.hasOwn(verbs, verb) ? [verbs[verb]] : Object.values(verbs);
  for (const load of asked) await (await load())(program, next);
  return program;
}
