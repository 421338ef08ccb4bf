import { existsSync } from 'node:fs';
import path from 'node:path';
import { ProtocolError } from '@retinabench/core/basics';
import { readTextFile } from '../terminal/read-text-file.js';
import { type ProjectConfig, parseProjectConfig } from './project-config.js';

/** A configuration and where it came from. */
export interface FoundConfig {
  readonly config: ProjectConfig;
  /** As messages name it: `retinabench.json`. */
  readonly place: string;
  /** The folder that its paths are relative to. */
  readonly folder: string;
}

/** Name of the file that is read where no flag names one. */
export const configName = 'retinabench.json';

/**
 * The configuration of a folder: the file that a flag names, else `retinabench.json`, else the key `retinabench` of package.json.
 *
 * @returns undefined if there is none.
 * @throws {ProtocolError} if it is malformed, or both files hold one.
 * @throws {DatasetError} if the file that the flag names cannot be read.
 */
export async function findConfig(folder: string, named?: string): Promise<FoundConfig | undefined> {
  if (named !== undefined) return readConfig(path.resolve(folder, named), named);
  const own = path.join(folder, configName);
  const manifest = path.join(folder, 'package.json');
  const found = existsSync(own) ? await readConfig(own, configName) : undefined;
  const inManifest = existsSync(manifest) ? await readConfig(manifest, 'package.json', 'retinabench') : undefined;
  if (found !== undefined && inManifest !== undefined) {
    throw new ProtocolError(
      `${configName}: expected one configuration, got another under the key retinabench of package.json; keep one`,
    );
  }
  return found ?? inManifest;
}

async function readConfig(file: string, place: string, key?: string): Promise<FoundConfig | undefined> {
  const config = parseProjectConfig(await readTextFile(file, 'a configuration'), place, key);
  return config === undefined ? undefined : { config, place, folder: path.dirname(file) };
}
