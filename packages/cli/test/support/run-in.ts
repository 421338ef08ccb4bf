import { vi } from 'vitest';
import { buildProgram } from '../../src/program.js';
import { runProgram } from '../../src/run.js';

/** What a command of the program left. */
export interface Outcome {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run the program in this process, which starts much faster, in a folder. */
export async function runIn(folder: string, ...args: string[]): Promise<Outcome> {
  const written = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((stream) =>
    vi.spyOn(process[stream], 'write').mockImplementation((text) => {
      written[stream] += text;
      return true;
    }),
  );
  const before = process.cwd();
  process.chdir(folder);
  process.exitCode = undefined;
  try {
    const status = await runProgram(await buildProgram(args), ['node', 'retinabench', ...args]);
    return { status, ...written };
  } finally {
    process.chdir(before);
    process.exitCode = undefined;
    for (const spy of spies) spy.mockRestore();
  }
}
