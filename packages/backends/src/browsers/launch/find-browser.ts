import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserName } from '../../backend/browser-name.js';

/** A browser of this machine, or why there is none. */
export type FoundBrowser =
  | { readonly executable: string; readonly version: string }
  | { readonly reason: string; readonly remedy: string };

/** Where a browser usually lies. */
interface BrowserPlaces {
  /** Environment variable that names the program. */
  readonly variable: string;
  /** Programs looked for in PATH, the first one first. */
  readonly programs: readonly string[];
  /** Files looked for where PATH has none. */
  readonly files: readonly string[];
  /** Debian's package. */
  readonly debian: string;
}

const places: Readonly<Record<BrowserName, BrowserPlaces>> = {
  chromium: {
    variable: 'RETINABENCH_CHROMIUM',
    programs: ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'microsoft-edge-stable'],
    files: [
      '/snap/bin/chromium',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      ...windowsFiles('Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'),
    ],
    debian: 'chromium',
  },
  firefox: {
    variable: 'RETINABENCH_FIREFOX',
    programs: ['firefox-esr', 'firefox'],
    files: [
      '/snap/bin/firefox',
      '/Applications/Firefox.app/Contents/MacOS/firefox',
      ...windowsFiles('Mozilla Firefox\\firefox.exe'),
    ],
    debian: 'firefox-esr',
  },
};

const known = new Map<string, FoundBrowser>();

/** Find a browser: what the environment names, else the first of the usual places. Looked for once in a process. */
export function findBrowser(name: BrowserName): FoundBrowser {
  const { variable } = places[name];
  const key = `${name} ${process.env[variable] ?? ''}`;
  const found = known.get(key) ?? look(name);
  known.set(key, found);
  return found;
}

function look(name: BrowserName): FoundBrowser {
  const { variable, programs, files, debian } = places[name];
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    const executable = inPath(named) ?? path.resolve(named);
    if (!isProgram(executable)) {
      return { reason: `${variable} names no program (${named})`, remedy: `set ${variable} to the browser's program` };
    }
    return withVersion(executable, `set ${variable} to the program of ${name}`);
  }
  const candidates = [...programs.map(inPath), ...files.filter(isProgram)];
  const executable = candidates.find((file) => file !== undefined);
  const remedy = `install it (Debian: apt-get install ${debian}), or set ${variable} to its program`;
  if (executable === undefined) return { reason: `no ${name} was found`, remedy };
  return withVersion(executable, remedy);
}

function withVersion(executable: string, remedy: string): FoundBrowser {
  try {
    const text = execFileSync(executable, ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const version = /\d+(\.\d+)+\w*/.exec(text)?.[0];
    if (version !== undefined) return { executable, version };
    return { reason: `${executable} --version names no version`, remedy };
  } catch (error) {
    return { reason: `${executable} does not start: ${(error as Error).message.split('\n')[0]}`, remedy };
  }
}

function inPath(program: string): string | undefined {
  if (program.includes(path.sep)) return undefined;
  const suffixes = os.platform() === 'win32' ? ['.exe', ''] : [''];
  for (const folder of (process.env.PATH ?? '').split(path.delimiter).filter((entry) => entry !== '')) {
    for (const suffix of suffixes) {
      const file = path.join(folder, program + suffix);
      if (isProgram(file)) return file;
    }
  }
  return undefined;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function windowsFiles(...names: readonly string[]): string[] {
  const { PROGRAMFILES, LOCALAPPDATA } = process.env;
  const folders = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA];
  return folders.flatMap((folder) => (folder === undefined ? [] : names.map((name) => path.win32.join(folder, name))));
}
