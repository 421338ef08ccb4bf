import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatasetError, ProtocolError } from '@retinabench/core';

/** Largest image that is taken from standard input, in bytes. */
const mostBytes = 512 * 1024 * 1024;

/**
 * Give `-` among the inputs a file of its own while the work lasts: the bytes of standard input under the name `stdin`.
 *
 * @throws {ProtocolError} if `-` is given beside other inputs.
 * @throws {DatasetError} if standard input is empty or longer than 512 MB.
 */
export async function withStandardInput(
  inputs: readonly string[],
  work: (inputs: readonly string[]) => Promise<void>,
): Promise<void> {
  if (!inputs.includes('-')) return work(inputs);
  if (inputs.length > 1) {
    throw new ProtocolError(
      `-: expected the image on standard input alone, got ${inputs.length} inputs; run them separately`,
    );
  }
  const bytes = await readStandardInput();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'retinabench-'));
  try {
    const file = path.join(folder, 'stdin');
    writeFileSync(file, bytes);
    await work([file]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function readStandardInput(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
    length += (chunk as Buffer).length;
    if (length > mostBytes)
      throw new DatasetError(`-: expected an image of at most ${mostBytes} bytes, got more; write it to a file`);
  }
  if (length === 0)
    throw new DatasetError(
      '-: expected the bytes of an image on standard input, got none; retinabench detect - < photo.jpg',
    );
  return Buffer.concat(chunks);
}
