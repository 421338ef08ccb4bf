import { readFileSync } from 'node:fs';

/** What assembly/dot.ts exports; pointers are byte offsets into the memory. Vectors are float64 of even length. */
export interface Kernel {
  /** Score the pairs order[from] ... order[to - 1] (left and right template indices) into out[pair]. */
  scorePairs(
    vectors: number,
    vectorBytes: number,
    left: number,
    right: number,
    order: number,
    from: number,
    to: number,
    out: number,
  ): void;
}

const pageBytes = 65_536;
/** Pages that the kernel's memory may have at most, as compiled in: 4 GiB. */
const maximumPages = 65_536;

/** The compiled kernel; it lies beside the package's `dist`, so that nothing is fetched. */
export function loadKernelModule(): WebAssembly.Module {
  return new WebAssembly.Module(readFileSync(new URL('../../assembly/dot.wasm', import.meta.url)));
}

/** The kernel at work on `memory`, which any number of threads may share. */
export function startKernel(module: WebAssembly.Module, memory: WebAssembly.Memory): Kernel {
  return new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernel;
}

/**
 * Shared memory for the kernel.
 *
 * @returns undefined if `bytes` is more than WebAssembly can address, or more than the machine gives.
 */
export function allocateKernelMemory(bytes: number): WebAssembly.Memory | undefined {
  const pages = Math.ceil(bytes / pageBytes);
  if (pages > maximumPages - 1) return undefined;
  try {
    return new WebAssembly.Memory({ initial: pages, maximum: maximumPages, shared: true });
  } catch {
    return undefined;
  }
}
