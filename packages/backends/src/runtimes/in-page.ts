/** Whether this runs in a browser, be it a page or a worker of one. */
export function inPage(): boolean {
  const { process } = globalThis as { process?: { versions?: { node?: string } } };
  return process?.versions?.node === undefined;
}
