import path from 'node:path';
import { DatasetError } from '@retinabench/core';

/**
 * Where an archive's entry goes below `root`. Only plain relative names with forward slashes are taken: no absolute
 * path, drive, `..`, backslash or control character, whatever the system.
 *
 * @param archive for the message.
 * @throws {DatasetError} if the name could leave `root` or deceive.
 */
export function entryPath(root: string, entryName: string, archive: string): string {
  const reason = unsafeReason(entryName);
  if (reason !== undefined) {
    throw new DatasetError(
      `${archive}: entry ${JSON.stringify(entryName.slice(0, 100))} ${reason}; nothing of it is unpacked: get the archive from its publisher`,
    );
  }
  return path.join(root, ...entryName.split('/'));
}

function unsafeReason(name: string): string | undefined {
  if (name === '' || name.length > 1024) return 'has no name or one of more than 1,024 characters';
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  if (name.includes('\\')) return 'has a backslash';
  for (const character of name) if (character < ' ' || character === '\x7f') return 'has a control character';
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '..')) return 'leaves its folder with ..';
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty step';
  return undefined;
}
