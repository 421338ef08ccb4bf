import path from 'node:path';
import { defaultModelId } from '@retinabench/models/settings';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { addDeviceFlag, addImageTimeoutFlag, addProtocolFlags } from '../detection/flags.js';
import { lazyAction } from '../lazy-action.js';
import { addQueueFlags } from '../queue/queue-flags.js';
import { addOutputFlags, numberBetween, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench bench`. */
export function registerBench(program: Command): void {
  const list = (value: string): string[] => value.split(',').filter((item) => item !== '');
  const numbers = (value: string): number[] =>
    list(value).map((item) => {
      const number = Number(item);
      if (!Number.isInteger(number) || number < 1)
        throw new InvalidArgumentError('expected whole numbers of at least 1.');
      return number;
    });
  const command = program
    .command('bench')
    .option('--model <ids>', 'model ids or .onnx paths, comma-separated', list, [defaultModelId])
    .option('--backend <ids>', 'backends, comma-separated', list, ['ort-node'])
    .option(
      '--size <sizes>',
      'vga (640x480), hd (1920x1080), 4k (4096x2160) or WxH, comma-separated (default: vga)',
      list,
    )
    .option('--threads <list>', 'threads of each session, comma-separated', numbers, [1])
    .option('--image <file>', 'photograph to detect on, resized to each size (default: one of the data set)')
    .option('--rounds <n>', 'rounds; in each, every configuration runs once (default: 10)', wholeNumber(1))
    .option('--round-ms <n>', "length of one configuration's share of a round (default: 400)", wholeNumber(1))
    .option('--pin <cpus>', 'pin all processes to these processors (Linux)')
    .option('--throughput', 'images a second of the whole pipeline over worker processes, on images of the data set')
    .option(
      '--workers <list>',
      'with --throughput: worker processes, comma-separated (default: 1 and the number of cores)',
      numbers,
    )
    .option('--images <n>', 'with --throughput: images of each configuration (default: 200)', wholeNumber(3))
    .option(
      '--batch <list>',
      'the network alone on several images at once, comma-separated: time an image, with ratios to the first',
      numbers,
    )
    .addOption(
      new Option(
        '--scenario <how>',
        'how images come: server, Poisson arrivals at the highest rate that holds --latency-bound at p99; stream, frames of a camera (default: one after the other)',
      ).choices(['server', 'stream']),
    )
    .option(
      '--latency-bound <ms>',
      'with --scenario server: what 99 % of the queries must hold',
      numberBetween(0.001, 1e6),
    )
    .option('--queries <n>', 'with --scenario server: queries at each rate, from 299 (default: 400)', wholeNumber(1))
    .option('--fps <n>', 'with --scenario stream: frames a second (default: 30)', numberBetween(0.001, 1e4))
    .option('--frames <n>', 'with --scenario stream: frames in all (default: 300)', wholeNumber(1))
    .option('--seed <n>', 'with --scenario server: seed of the arrivals', wholeNumber(0), 1)
    .option('--out-dir <dir>', 'folder for the records, one a configuration', path.join('results', 'latency'));
  addOutputFlags(addQueueFlags(addImageTimeoutFlag(addProtocolFlags(addDeviceFlag(command)))))
    .addHelpText(
      'after',
      `
Each configuration (model x backend x size x threads) is a process of its own; they take turns, so that a drift of the
machine hits all alike. Load and first run are kept apart from the steady state. Compare only what ran together.
Ratios to the first of a size come with 95 % intervals by rounds, ranks only where all rounds tell apart.
The exit code is 2 or 3 where a configuration could not be measured; the others are.

Examples:
  retinabench bench --model retinaface-mnet025 --backend ort-node,ort-wasm --size vga,hd --threads 1 --score-floor 0.5
  retinabench bench --batch 1,4,8                            # where the network takes several images at once
  retinabench bench --scenario server --latency-bound 100    # the highest rate of queries that holds 100 ms at p99
  retinabench bench --scenario stream --fps 15 --frames 150  # frames of a camera: late ones and dropped ones`,
    )
    .action(lazyAction(async () => (await import('./run-bench.js')).runBench));
}
