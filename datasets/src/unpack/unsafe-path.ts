/** Steps of letters, digits and what stands in most names, none of which begins with a dot: nothing is wrong with them. */
const plain = /^\w[\w\-. ]*(?:\/\w[\w\-. ]*)*$/;

/**
 * Why a name out of a file may not be made a path below a folder, or undefined if it may: only plain relative names with
 * forward slashes are safe, whatever the system. No absolute path, drive, `..`, backslash or control character.
 */
export function unsafePathReason(name: string): string | undefined {
  if (name === '' || name.length > 1024) return 'has no name or one of more than 1,024 characters';
  if (plain.test(name)) return undefined;
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) return 'has an absolute path';
  if (name.includes('\\')) return 'has a backslash';
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at);
    if (code < 0x20 || code === 0x7f) return 'has a control character';
  }
  const parts = name.replace(/\/$/, '').split('/');
  if (parts.some((part) => part === '..')) return 'leaves its folder with ..';
  if (parts.some((part) => part === '' || part === '.')) return 'has an empty step';
  return undefined;
}
