import type { Command } from 'commander';
import { registerVerbs, type Verb } from '../register-verbs.js';

/** The verbs below `models`, in the order of their use. */
const verbs: readonly Verb[] = [
  {
    usage: 'list [options]',
    description: 'the models that --model takes, and whether each can be used here',
    load: async () => (await import('./list.js')).registerModelsList,
  },
  {
    usage: 'import [options]',
    description: 'turn a PyTorch checkpoint into an .onnx file with its card beside it',
    load: async () => (await import('./import.js')).registerModelsImport,
  },
  {
    usage: 'show [options] <id>',
    description: 'the whole card of a model, as a start for one of your own',
    load: async () => (await import('./show.js')).registerModelsShow,
  },
  {
    usage: 'inspect [options] <onnx>',
    description: 'what an .onnx holds: inputs, outputs, operators, and which backends run it',
    load: async () => (await import('./inspect.js')).registerModelsInspect,
  },
  {
    usage: 'card [options] <onnx>',
    description: 'write the card of a detector: how it is fed and decoded, tried on annotated photographs',
    load: async () => (await import('./card/command.js')).registerModelsCard,
  },
  {
    usage: 'pull [options] <id...>',
    description: 'download models into the cache, verified, ready for --model',
    load: async () => (await import('./pull.js')).registerModelsPull,
  },
  {
    usage: 'quantize [options]',
    description: 'a smaller copy of a model, to weigh its AP and latency against the original',
    load: async () => (await import('./quantize.js')).registerModelsQuantize,
  },
];

/**
 * Register `retinabench models` and its verbs.
 *
 * @param words the words after `models`; absent: every verb is loaded.
 */
export async function registerModels(program: Command, words?: readonly string[]): Promise<void> {
  await registerVerbs(program.command('models'), verbs, words);
}
