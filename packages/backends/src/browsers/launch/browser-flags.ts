import { statfsSync } from 'node:fs';
import os from 'node:os';
import type { BrowserName } from '../../backend/browser-name.js';
import type { PageAdapter } from '../wire/calls.js';

/** How a browser is to be started. */
export interface LaunchOptions {
  /** The interface to a GPU that the page will use; absent: none. */
  readonly gpu?: PageAdapter['api'];
  /** Take an adapter that computes on the processor, where there is no other. */
  readonly softwareAdapter?: boolean;
}

/** Least shared memory that Chromium's processes need, bytes; containers have 64 MiB unless told otherwise. */
const leastSharedMemory = 512 * 2 ** 20;

/** Chromium without anything that a measurement does not need, and without its throttling of pages that nobody looks at. */
const quietChromium = [
  '--headless=new',
  '--remote-debugging-pipe',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-default-apps',
  '--disable-extensions',
  '--disable-sync',
  '--disable-breakpad',
  '--disable-hang-monitor',
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
  '--disable-features=Translate,OptimizationHints,MediaRouter',
  '--enable-blink-features=ForceEagerMeasureMemory',
  '--password-store=basic',
  '--use-mock-keychain',
  '--mute-audio',
];

/** Whether Chromium's sandbox is left out: it refuses to run as root with it; RETINABENCH_BROWSER_SANDBOX decides otherwise. */
export function isWithoutSandbox(browser: BrowserName): boolean {
  if (browser !== 'chromium') return false;
  const asked = process.env.RETINABENCH_BROWSER_SANDBOX;
  return asked === 'off' || (asked !== 'on' && process.getuid?.() === 0);
}

/** The arguments of a browser whose profile lies in `profile`. */
export function browserArguments(browser: BrowserName, profile: string, options: LaunchOptions): string[] {
  if (browser === 'firefox') {
    const headless = needsDisplay(browser, options) ? [] : ['--headless'];
    return [...headless, '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  }
  return [
    ...quietChromium,
    `--user-data-dir=${profile}`,
    ...(isWithoutSandbox(browser) ? ['--no-sandbox'] : []),
    ...(hasLittleSharedMemory() ? ['--disable-dev-shm-usage'] : []),
    ...gpuFlags(options),
    'about:blank',
  ];
}

/** Firefox on Linux has no WebGL without a display; it opens a window there if there is one (`xvfb-run` makes one). */
function needsDisplay(browser: BrowserName, { gpu }: LaunchOptions): boolean {
  const { DISPLAY, WAYLAND_DISPLAY } = process.env;
  return browser === 'firefox' && gpu === 'webgl' && (DISPLAY || WAYLAND_DISPLAY) !== undefined;
}

/** What Firefox is told in its profile. */
export function firefoxPreferences(): string {
  const preferences = {
    'app.update.enabled': false,
    'app.normandy.enabled': false,
    'browser.aboutwelcome.enabled': false,
    'browser.shell.checkDefaultBrowser': false,
    'browser.safebrowsing.downloads.remote.enabled': false,
    'browser.safebrowsing.malware.enabled': false,
    'browser.safebrowsing.phishing.enabled': false,
    'browser.startup.homepage': 'about:blank',
    'browser.startup.page': 0,
    'datareporting.policy.dataSubmissionEnabled': false,
    // A long computation is no script that hangs.
    'dom.max_script_run_time': 0,
    'dom.webgpu.enabled': true,
    'extensions.update.enabled': false,
    // What it computes on is named, software or not.
    'gfx.webgpu.ignore-blocklist': true,
    'network.captive-portal-service.enabled': false,
    'network.connectivity-service.enabled': false,
    'remote.active-protocols': 1,
    'toolkit.telemetry.reportingpolicy.firstRun': false,
    'toolkit.telemetry.server': '',
    'webgl.force-enabled': true,
  };
  return Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

/** What a browser finds in its environment beside this process's own. */
export const browserEnvironment: Readonly<Record<string, string>> = {
  MOZ_CRASHREPORTER_DISABLE: '1',
  MOZ_DISABLE_AUTO_SAFE_MODE: '1',
};

function gpuFlags({ gpu, softwareAdapter = false }: LaunchOptions): string[] {
  if (gpu === 'webgl') return ['--enable-unsafe-swiftshader'];
  if (gpu !== 'webgpu') return ['--disable-gpu'];
  return [
    '--enable-unsafe-webgpu',
    '--enable-features=Vulkan',
    ...(softwareAdapter ? ['--use-webgpu-adapter=swiftshader'] : []),
  ];
}

function hasLittleSharedMemory(): boolean {
  if (os.platform() !== 'linux') return false;
  try {
    const { bsize, blocks } = statfsSync('/dev/shm');
    return bsize * blocks < leastSharedMemory;
  } catch {
    return true;
  }
}
