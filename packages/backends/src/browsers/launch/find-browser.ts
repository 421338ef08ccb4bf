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
  // The browser that WebKitGTK brings to try itself: no part of PATH, in a folder of its version.
  webkit: {
    variable: 'RETINABENCH_WEBKIT',
    programs: [],
    files: miniBrowsers(),
    debian: 'libwebkit2gtk-4.1-0',
  },
};

/** Longest time that a browser may take to tell its version: another program may open a window, and wait. */
const versionLimitMs = 60_000;

const known = new Map<string, FoundBrowser>();

/** Find a browser: what the environment names, else the first of the usual places. Looked for once in a process. */
export function findBrowser(name: BrowserName): FoundBrowser {
  const { variable } = places[name];
  const key = `${name} ${process.env[variable] ?? ''} ${hasDisplay()}`;
  const found = known.get(key) ?? look(name);
  known.set(key, found);
  return found;
}

/** Whether a program can open a window here; of other systems than Linux that is taken to be so. */
export function hasDisplay(): boolean {
  const { DISPLAY = '', WAYLAND_DISPLAY = '' } = process.env;
  return os.platform() !== 'linux' || DISPLAY + WAYLAND_DISPLAY !== '';
}

function look(name: BrowserName): FoundBrowser {
  const found = lookForProgram(name);
  if ('reason' in found) return found;
  if (name !== 'webkit' || hasDisplay()) return withVersion(found);
  // It does not even tell its version then.
  return {
    reason: `${found.file} opens a window, and there is no display`,
    remedy: 'start the command as xvfb-run -a npx retinabench ... (Debian: apt-get install xvfb xauth)',
  };
}

/** The program, and what to do if it does not start. */
interface FoundProgram {
  readonly file: string;
  readonly remedy: string;
}

function lookForProgram(name: BrowserName): FoundProgram | Extract<FoundBrowser, { reason: string }> {
  const { variable, programs, files, debian } = places[name];
  const named = process.env[variable];
  if (named !== undefined && named !== '') {
    const executable = inPath(named) ?? path.resolve(named);
    if (!isProgram(executable)) {
      return { reason: `${variable} names no program (${named})`, remedy: `set ${variable} to the browser's program` };
    }
    return { file: executable, remedy: `set ${variable} to the program of ${name}` };
  }
  const candidates = [...programs.map(inPath), ...files.filter(isProgram)];
  const executable = candidates.find((file) => file !== undefined);
  const remedy = `install it (Debian: apt-get install ${debian}), or set ${variable} to its program`;
  return executable === undefined ? { reason: `no ${name} was found`, remedy } : { file: executable, remedy };
}

function withVersion({ file: executable, remedy }: FoundProgram): FoundBrowser {
  try {
    const text = execFileSync(executable, ['--version'], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      timeout: versionLimitMs,
    });
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

/** WebKitGTK's own browser in the folders of Linux's distributions, the newest version first. */
function miniBrowsers(): string[] {
  if (os.platform() !== 'linux') return [];
  const machine = { x64: 'x86_64', arm64: 'aarch64' }[os.arch() as string] ?? os.arch();
  const folders = [`/usr/lib/${machine}-linux-gnu`, '/usr/libexec', '/usr/lib64', '/usr/lib'];
  const versions = ['webkitgtk-6.0', 'webkit2gtk-4.1', 'webkit2gtk-4.0'];
  return versions.flatMap((version) => folders.map((folder) => path.join(folder, version, 'MiniBrowser')));
}

function windowsFiles(...names: readonly string[]): string[] {
  const { PROGRAMFILES, LOCALAPPDATA } = process.env;
  const folders = [PROGRAMFILES, process.env['PROGRAMFILES(X86)'], LOCALAPPDATA];
  return folders.flatMap((folder) => (folder === undefined ? [] : names.map((name) => path.win32.join(folder, name))));
}
