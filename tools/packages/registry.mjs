import { run } from './run.mjs';

/** npm's codes for a registry that does not answer, as against one that answers no. */
const unreachable =
  /^npm (?:error|ERR!) code (ENOTFOUND|EAI_\w+|ECONN\w+|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_TIMEOUT|E5\d\d)$/m;

/**
 * Ask the registry for one package, since an installation without a registry tries for many minutes.
 *
 * @returns npm's code if it cannot be reached, else undefined.
 */
export async function registryFault(packageName, cwd) {
  const args = [
    'view',
    packageName,
    'version',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=1000',
    '--fetch-timeout=15000',
  ];
  return (await run('npm', args, { cwd })).stderr.match(unreachable)?.[1];
}
