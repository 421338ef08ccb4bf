import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { EnvironmentError } from '@retinabench/core';

/** What makes a number: a version, and the very code. */
export interface CodeBuild {
  /** Of the first package. */
  readonly version: string;
  /** Over the compiled code of all packages. */
  readonly sha256: string;
}

/** A package, or a folder of its compiled code alone. */
export interface CodePart {
  readonly package: string;
  /** Below `dist`. */
  readonly folder?: string;
}

/**
 * Hash the compiled code of packages as it is installed here: names, versions and all files of JavaScript.
 *
 * @param from the module that asks (`import.meta.url`), from which the packages are looked for.
 * @throws {EnvironmentError} if a package is not installed or not built.
 * Cost: one read of the code, 20 ms for 400 files.
 */
export function codeBuild(parts: readonly CodePart[], from: string): CodeBuild {
  const require = createRequire(from);
  const hash = createHash('sha256');
  let version = '';
  for (const { package: name, folder = '' } of parts) {
    try {
      const manifest = require.resolve(`${name}/package.json`);
      const stated = (JSON.parse(readFileSync(manifest, 'utf8')) as { version: string }).version;
      version ||= stated;
      hash.update(`${name} ${stated}\n`);
      const root = path.join(path.dirname(manifest), 'dist', folder);
      const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.js'))
        .sort();
      if (files.length === 0) throw new Error(`${root} has no code`);
      for (const file of files) {
        const code = readFileSync(path.join(root, file));
        hash.update(`${file.split(path.sep).join('/')} ${code.length}\n`).update(code);
      }
    } catch (cause) {
      throw new EnvironmentError(
        `package ${name}: cannot read its compiled code (${(cause as Error).message}); run npm ci, and npm run build in the repository`,
        { cause },
      );
    }
  }
  return { version, sha256: hash.digest('hex') };
}
