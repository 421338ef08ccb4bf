import type { Session } from '@retinabench/backends';
import { ModelError } from '@retinabench/core';
import type { SideInput } from '@retinabench/models';

/**
 * Read `--side NAME=VALUES` flags: values are separated by commas; dimensions are those of the network.
 *
 * @throws {ModelError} if the network has no such input, or another number of values.
 */
export function parseSides(flags: readonly string[], session: Session, place: string): SideInput[] {
  return flags.map((flag) => {
    const [tensor, text = ''] = splitOnce(flag);
    const values = text.split(',').map(Number);
    const input = session.signature?.inputs.find(({ name }) => name === tensor);
    if (input === undefined) {
      throw new ModelError(
        `--side ${flag}: the network has no input ${tensor}, it has ${session.inputNames.join(', ')} (${place})`,
      );
    }
    const dims = (input.dims ?? []).map((dim) => dim ?? 1);
    const count = dims.reduce((product, dim) => product * dim, 1);
    if (values.length !== count || !values.every(Number.isFinite) || text.trim() === '') {
      throw new ModelError(`--side ${flag}: expected ${count} numbers for [${dims.join(', ')}], separated by commas`);
    }
    return { tensor, dims, values };
  });
}

function splitOnce(flag: string): [string, string | undefined] {
  const at = flag.lastIndexOf('=');
  return at < 0 ? [flag, undefined] : [flag.slice(0, at), flag.slice(at + 1)];
}
