/** The functions by which ONNX Runtime's WebAssembly writes its log. */
const channels = ['log', 'info', 'warn', 'error', 'debug'] as const;

type Write = (...said: unknown[]) => void;

/** Where lines go now; absent: to where they went before. */
let sink: string[] | undefined;

/**
 * Keep what a runtime writes to the console while `work` goes on. The runtime may hold on to the console's functions that it found when it
 * started, so those go on writing when nobody listens.
 *
 * @returns the lines, and what `work` gives.
 * @throws whatever `work` throws; the console is as before then, too.
 */
export async function consoleLinesOf<Result>(
  work: () => Promise<Result>,
): Promise<{ readonly lines: readonly string[]; readonly result: Result }> {
  const writers: Record<(typeof channels)[number], Write> = globalThis.console;
  const before = channels.map((channel) => [channel, writers[channel]] as const);
  const lines: string[] = [];
  sink = lines;
  for (const [channel, write] of before) {
    writers[channel] = (...said) => (sink === undefined ? write(...said) : sink.push(...said.join(' ').split('\n')));
  }
  try {
    return { result: await work(), lines };
  } finally {
    sink = undefined;
    for (const [channel, write] of before) writers[channel] = write;
  }
}
