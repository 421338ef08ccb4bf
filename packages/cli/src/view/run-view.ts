import type { Command } from 'commander';
import { readPageAssets } from '../page/page-assets.js';
import { outputOf } from '../terminal/flags.js';
import { printJson, printNote, printResult } from '../terminal/output.js';
import { collectView } from './collect-view.js';
import type { ViewFlags } from './flags.js';
import { openBrowser } from './open-browser.js';
import { serveView } from './serve/serve-view.js';

/** The action of `retinabench view`: ends with the first interruption. */
export async function runView(files: readonly string[], flags: ViewFlags, command: Command): Promise<void> {
  const output = outputOf(flags);
  const assets = await readPageAssets('view');
  const view = await collectView(files, flags, command.opts<Record<string, unknown>>());
  if (!output.quiet) for (const note of view.index.notes) printNote(note);
  const interruption = new Promise<void>((resolve) => {
    process.once('SIGINT', resolve);
    process.once('SIGTERM', resolve);
  });
  const server = await serveView(view, assets, flags.port);
  try {
    const { records, images } = view.index;
    const address = flags.at === undefined ? server.address : atView(server.address, flags.at);
    printJson(output, { address, records: records.length, images: images.length });
    printResult(output, `view: ${address}`);
    if (!output.quiet) printNote('on this machine alone; Ctrl-C ends it');
    if (flags.open === true) openBrowser(address);
    await interruption;
  } finally {
    server.close();
  }
}

/** The address with a view behind it, whatever of another address stands before its `#`. */
function atView(address: string, view: string): string {
  const { href } = new URL(`#${view.slice(view.indexOf('#') + 1)}`, address);
  return href;
}
