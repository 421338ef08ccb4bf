/**
 * A name as one word of a command line, in which the shell expands nothing.
 *
 * @param platform as process.platform: on Windows in double quotes, which no name there can hold.
 */
export function quoteForShell(name: string, platform: NodeJS.Platform = process.platform): string {
  return platform === 'win32' ? `"${name}"` : `'${name.replaceAll("'", "'\\''")}'`;
}
