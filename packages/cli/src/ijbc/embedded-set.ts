import { ensureTemplateSet } from '@retinabench/eval-ijbc';
import { defaultCacheDir } from '@retinabench/files';

/** The data set of a command that names none, and what must be said of it. */
export async function embeddedTemplateSet(): Promise<{ readonly folder: string; readonly notes: readonly string[] }> {
  return {
    folder: await ensureTemplateSet(defaultCacheDir()),
    notes: [
      'data set: the embedded template set (no --meta). Its genuine pairs are two resolutions of one photograph: it shows that everything works, and its numbers compare with other runs on it alone.',
    ],
  };
}
