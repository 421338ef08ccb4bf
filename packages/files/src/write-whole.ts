import { open, rename, rm } from 'node:fs/promises';

let drafts = 0;

/**
 * Write a file so that its name shows what was there before or all of the new content, also when the disk fills halfway
 * through a write.
 *
 * @param file its folder must exist.
 * @throws the system's error; then the file is as it was.
 */
export async function writeWhole(file: string, content: string | Uint8Array): Promise<void> {
  const draft = `${file}.${process.pid}-${++drafts}.tmp`;
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.writeFile(content);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}
