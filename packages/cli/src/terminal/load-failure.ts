/**
 * What to say where a module of the program cannot be loaded; undefined if that is not what an error tells. Loads nothing itself.
 *
 * @param error of `import`: Node says ERR_MODULE_NOT_FOUND also where it may open no further file.
 */
export function loadFailure(error: unknown): string | undefined {
  const { code, path: file = '', message } = error as { code?: string; path?: string; message?: string };
  if (code === 'ERR_MODULE_NOT_FOUND') {
    return `the program cannot be loaded (${message}); install it again (in a checkout: npm ci && npm run build), or, where it is there, raise the limit of open files (ulimit -n): Node says the same where it cannot open another`;
  }
  if ((code === 'EMFILE' || code === 'ENFILE') && /\.(js|mjs|cjs|node|json)$/.test(file)) {
    return `the program cannot be loaded (${message}); raise the limit of open files (ulimit -n), or install it again`;
  }
  return undefined;
}
