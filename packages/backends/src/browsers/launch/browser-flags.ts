import { existsSync, statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { BrowserName } from '../../backend/browser-name.js';
import type { PageAdapter } from '../wire/calls.js';
import { hasDisplay } from './find-browser.js';

/** How a browser is to be started. */
export interface LaunchOptions {
  /** The interface to a GPU that the page will use; absent: none. */
  readonly gpu?: PageAdapter['api'];
  /** Address of the page. */
  readonly url: string;
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
  // The page lies on the loopback address, whatever proxy the environment names.
  '--no-proxy-server',
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

/**
 * Whether a browser runs without its sandbox. Chromium refuses to run as root with it, and WebKitGTK's is no part of every build;
 * RETINABENCH_BROWSER_SANDBOX decides otherwise. Firefox has its own at all times.
 */
export function isWithoutSandbox(browser: BrowserName): boolean {
  const asked = process.env.RETINABENCH_BROWSER_SANDBOX;
  if (browser === 'firefox') return false;
  if (browser === 'webkit') return asked !== 'on';
  return asked === 'off' || (asked !== 'on' && process.getuid?.() === 0);
}

/** The arguments of a browser whose profile lies in `profile`. */
export function browserArguments(browser: BrowserName, profile: string, options: LaunchOptions): string[] {
  if (browser === 'firefox') {
    const headless = needsDisplay(browser, options) ? [] : ['--headless'];
    return [...headless, '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  }
  if (browser === 'webkit')
    return ['--private', ...(isWithoutSandbox(browser) ? [] : ['--enable-sandbox']), options.url];
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
  return browser === 'firefox' && gpu === 'webgl' && os.platform() === 'linux' && hasDisplay();
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
    // Directly: the page lies on the loopback address.
    'network.proxy.type': 0,
    'remote.active-protocols': 1,
    'toolkit.telemetry.reportingpolicy.firstRun': false,
    'toolkit.telemetry.server': '',
    'webgl.force-enabled': true,
  };
  return Object.entries(preferences)
    .map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`)
    .join('');
}

/**
 * What a browser whose profile lies in `profile` finds in its environment beside this process's own. Firefox and WebKit write below
 * the user's home besides, and Firefox does not start where it cannot: they take their profile for it.
 */
export function browserEnvironment(browser: BrowserName, profile: string): Readonly<Record<string, string>> {
  const folders = { XDG_CACHE_HOME: profile, XDG_CONFIG_HOME: profile, XDG_DATA_HOME: profile };
  switch (browser) {
    case 'chromium':
      return {};
    case 'firefox':
      return {
        ...folders,
        HOME: profile,
        ...displayKey(),
        MOZ_CRASHREPORTER_DISABLE: '1',
        MOZ_DISABLE_AUTO_SAFE_MODE: '1',
      };
    case 'webkit':
      return {
        ...folders,
        // No settings of the desktop, and no proxy: the page lies on the loopback address.
        GSETTINGS_BACKEND: 'memory',
        GIO_USE_PROXY_RESOLVER: 'dummy',
        NO_AT_BRIDGE: '1',
      };
  }
}

/** The key to an X display lies in the user's home, unless the environment says where. */
function displayKey(): Readonly<Record<string, string>> {
  const file = path.join(os.homedir(), '.Xauthority');
  return process.env.XAUTHORITY === undefined && existsSync(file) ? { XAUTHORITY: file } : {};
}

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
