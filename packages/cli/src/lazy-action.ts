/**
 * The action of a verb, whose modules are loaded when it runs: its help needs its flags alone.
 *
 * @param load imports the module of the action.
 */
export function lazyAction<Args extends unknown[]>(
  load: () => Promise<(...args: Args) => Promise<void>>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    const run = await load();
    await run(...args);
  };
}
