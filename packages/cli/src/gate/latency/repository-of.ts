import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Whether the working folder lies in a checkout of RetinaBench, whose own versions `gate --latency` builds and compares, or in another
 * repository.
 *
 * @param base what the comparison is with: a folder that holds a built checkout is one of RetinaBench, wherever this runs.
 */
export function repositoryOf(base: string): 'retinabench' | 'another' {
  if (existsSync(path.join(base, 'packages', 'cli', 'dist', 'main.js'))) return 'retinabench';
  for (let folder = process.cwd(); ; folder = path.dirname(folder)) {
    if (nameOf(path.join(folder, 'packages', 'cli', 'package.json')) === 'retinabench') return 'retinabench';
    if (existsSync(path.join(folder, '.git')) || folder === path.dirname(folder)) return 'another';
  }
}

/** The name in a package.json; undefined if there is none. */
function nameOf(file: string): unknown {
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof manifest === 'object' && manifest !== null && 'name' in manifest ? manifest.name : undefined;
  } catch {
    return undefined;
  }
}
