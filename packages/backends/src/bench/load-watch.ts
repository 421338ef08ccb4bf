import { readdirSync, readFileSync } from 'node:fs';
import { type ProcessTicks, parseProcessTicks, processTreeTicks } from './process-tree-ticks.js';
import { type ProcessorTimes, parseProcessorTimes } from './processor-times.js';

/** A reading: the processors, and what of their time went to this program and all that it started. */
interface Reading {
  readonly processors: ProcessorTimes;
  readonly ownTicks: number;
}

/**
 * Watches what other programs take of the processors, from one call to the next. Linux tells (`/proc`); elsewhere there
 * is no answer.
 */
export class LoadWatch {
  readonly #processors: ReadonlySet<number> | undefined;
  #last: Reading | undefined;

  /** @param pin processors that count, as `taskset` names them; undefined: all. */
  constructor(pin?: string) {
    this.#processors = pin === undefined ? undefined : parsePin(pin);
  }

  /** Begin here. Cost: reads a file for each process of the machine. */
  start(): void {
    this.#last = this.#read();
  }

  /** Share of the processors' time that others took since the last call, 0..1, and begin again; undefined: unknown. */
  othersShare(): number | undefined {
    const before = this.#last;
    const after = this.#read();
    this.#last = after;
    return before === undefined || after === undefined ? undefined : shareOfOthers(before, after);
  }

  #read(): Reading | undefined {
    try {
      const processors = parseProcessorTimes(readFileSync('/proc/stat', 'utf8'), this.#processors);
      return processors && { processors, ownTicks: processTreeTicks(listProcesses(), process.pid) };
    } catch {
      // No such files: another system, or a box that hides them.
      return undefined;
    }
  }
}

/** What of the busy time between two readings was not ours; undefined if the clock did not move. */
export function shareOfOthers(before: Reading, after: Reading): number | undefined {
  const all = after.processors.all - before.processors.all;
  if (all <= 0) return undefined;
  const others = after.processors.busy - before.processors.busy - (after.ownTicks - before.ownTicks);
  return Math.min(1, Math.max(0, others / all));
}

/** Every process of this machine that can be read; one that ends meanwhile is left out. Linux alone. */
export function listProcesses(): ProcessTicks[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        return parseProcessTicks(readFileSync(`/proc/${name}/stat`, 'utf8')) ?? [];
      } catch {
        return [];
      }
    });
}

/** Processors of a list such as `0,2-3`; undefined where it has another form, so that all count. */
export function parsePin(pin: string): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of pin.split(',')) {
    const range = /^(\d+)(?:-(\d+))?$/.exec(part.trim());
    if (range === null) return undefined;
    const from = Number(range[1]);
    const to = Number(range[2] ?? range[1]);
    if (to < from || to - from > 4096) return undefined;
    for (let number = from; number <= to; number++) numbers.add(number);
  }
  return numbers;
}
