import { ProtocolError } from '@retinabench/core';

/** The sides of the paper's latency table (arXiv:1905.00641, table 5). */
const namedSizes = { vga: [640, 480], hd: [1920, 1080], '4k': [4096, 2160] } as const;

/** An image size of a bench. */
export interface BenchSize {
  /** `vga`, `hd`, `4k` or `WxH`. */
  readonly name: string;
  readonly widthPx: number;
  readonly heightPx: number;
}

/**
 * Read a size: `vga`, `hd`, `4k` or `WxH`.
 *
 * @throws {ProtocolError} if it has another form or a side is not from 16 to 16384.
 */
export function parseBenchSize(text: string): BenchSize {
  const name = text.trim().toLowerCase();
  const [widthPx, heightPx] = Object.hasOwn(namedSizes, name)
    ? namedSizes[name as keyof typeof namedSizes]
    : name.split('x').map(Number);
  const valid = [widthPx, heightPx].every((side) => Number.isInteger(side) && side >= 16 && side <= 16384);
  if (!valid || (!Object.hasOwn(namedSizes, name) && !/^\d+x\d+$/.test(name))) {
    throw new ProtocolError(
      `bench size: expected vga, hd, 4k or WxH with sides of 16 to 16384, got ${JSON.stringify(text)}`,
    );
  }
  return { name, widthPx, heightPx };
}
