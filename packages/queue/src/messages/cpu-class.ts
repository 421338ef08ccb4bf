import { readFileSync } from 'node:fs';
import os from 'node:os';

/** Instruction sets by which the kernels of inference runtimes differ, and with them the last digits of their sums. */
const deciding = [
  'avx',
  'avx2',
  'fma',
  'avx512f',
  'avx512_vnni',
  'avx_vnni',
  'amx_int8',
  'asimd',
  'asimddp',
  'i8mm',
  'sve',
];

/**
 * The class of this machine's processor: machines of one class compute the same numbers with the same software.
 *
 * @returns such as `x64 avx avx2 fma`; where the system does not tell its instruction sets, architecture and model.
 * Source: the kernels of MLAS, XNNPACK and OpenBLAS are chosen at run time by these.
 */
export function cpuClass(): string {
  const flags = linuxFlags();
  if (flags === undefined) return `${process.arch} ${os.cpus()[0]?.model.trim() ?? 'unknown'}`;
  return [process.arch, ...deciding.filter((name) => flags.has(name))].join(' ');
}

function linuxFlags(): Set<string> | undefined {
  try {
    const line = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'));
    return line === null ? undefined : new Set(line[1].split(' '));
  } catch {
    return undefined;
  }
}
