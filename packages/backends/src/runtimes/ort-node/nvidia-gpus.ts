import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Where NVIDIA's driver for Linux lists the GPUs of a machine. */
const listed = '/proc/driver/nvidia/gpus';

/** Longest time that NVIDIA's tool may take. */
const toolMs = 5000;

/**
 * The models of NVIDIA's GPUs here, each once: from the driver's list on Linux, elsewhere and in WSL from `nvidia-smi`.
 *
 * @param folder the driver's list.
 * @returns none where there is no such GPU, or neither tells.
 */
export function nvidiaModels(folder: string = listed): string[] {
  const models = entries(folder).flatMap((gpu) => modelIn(path.join(folder, gpu, 'information')) ?? []);
  return [...new Set(models.length > 0 ? models : modelsOfTool())].sort();
}

/** Whether NVIDIA's driver for Linux lists a GPU. */
export function hasNvidiaGpu(): boolean {
  return entries(listed).length > 0;
}

function modelIn(file: string): string | undefined {
  try {
    return /^Model:\s*(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1].trim();
  } catch {
    return undefined;
  }
}

function modelsOfTool(): string[] {
  try {
    const said = execFileSync('nvidia-smi', ['--query-gpu=name', '--format=csv,noheader'], {
      encoding: 'utf8',
      timeout: toolMs,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
  } catch {
    return [];
  }
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
