/** Whether a module of the program could not be loaded. Loads nothing itself. */
export function isLoadFailure(error: unknown): boolean {
  const { code, path: file = '' } = error as { code?: string; path?: string };
  if (code === 'EMFILE' || code === 'ENFILE') return /\.(js|mjs|cjs|node|json)$/.test(file);
  return code === 'ERR_MODULE_NOT_FOUND';
}

/**
 * What to say where the program cannot be loaded. Loads nothing itself.
 *
 * @param error of `import`: Node says ERR_MODULE_NOT_FOUND also where it may open no further file.
 */
export function describeLoadFailure(error: unknown): string {
  const reason = error instanceof Error ? error.message : String(error);
  const advice =
    error instanceof Error && 'code' in error && error.code === 'ERR_MODULE_NOT_FOUND'
      ? 'install it again (in a checkout: npm ci && npm run build), or, where it is there, raise the limit of open files (ulimit -n): Node says the same where it cannot open another'
      : 'raise the limit of open files (ulimit -n), or install it again';
  return `the program cannot be loaded (${reason}); ${advice}`;
}
