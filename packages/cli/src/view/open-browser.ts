import { spawn } from 'node:child_process';
import { printNote } from '../terminal/output.js';

/** The program that opens an address, by platform. */
const openers: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  win32: ['explorer.exe'],
};

/** Open an address in the browser of this machine; where that fails, say so and go on. */
export function openBrowser(address: string): void {
  const [program, ...args] = openers[process.platform] ?? ['xdg-open'];
  const child = spawn(program, [...args, address], { stdio: 'ignore', detached: true });
  child.once('error', (error) =>
    printNote(`--open: no browser was started (${error.message}); open the address yourself`),
  );
  child.unref();
}
