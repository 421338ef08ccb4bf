/** Where ONNX Runtime's WebAssembly writes what it says. */
const channels = ['log', 'info', 'warn', 'error', 'debug'] as const;

type Write = (...said: unknown[]) => void;

/** Where lines go now; absent: to where they went before. */
let sink: string[] | undefined;

/**
 * What a runtime writes while `work` goes on, line by line. It may keep the console's functions that it found when it started, so that
 * those go on working when nobody listens.
 */
export async function saidWhile(work: () => Promise<void>): Promise<string[]> {
  const writers: Record<(typeof channels)[number], Write> = globalThis.console;
  const before = channels.map((channel) => [channel, writers[channel]] as const);
  const lines: string[] = [];
  sink = lines;
  for (const [channel, write] of before) {
    writers[channel] = (...said) => (sink === undefined ? write(...said) : sink.push(...said.join(' ').split('\n')));
  }
  try {
    await work();
    return lines;
  } finally {
    sink = undefined;
    for (const [channel, write] of before) writers[channel] = write;
  }
}
