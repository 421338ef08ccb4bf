import { BackendError } from '@retinabench/core';
import type { PuppeteerNode } from 'puppeteer-core';
import { packageVersion } from '../../runtimes/package-version.js';

/** What drives browsers: an optional peer of this package, in this version. */
const driver = { name: 'puppeteer-core', version: '24.43.1' };

/** What to do where it is not installed. */
export const driverRemedy = `run npm install ${driver.name}@${driver.version}`;

/** The version of the driver that is installed; undefined: none. */
export function driverVersion(): string | undefined {
  return packageVersion(driver.name);
}

/** Load the driver. @throws {BackendError} if it is not installed. */
export async function loadDriver(): Promise<Pick<PuppeteerNode, 'connect'>> {
  try {
    const { connect } = await import('puppeteer-core');
    return { connect };
  } catch (cause) {
    throw new BackendError(
      `${driver.name}, which drives browsers, does not load: ${(cause as Error).message.split('\n')[0]}; ${driverRemedy}`,
      { cause },
    );
  }
}
