import path from 'node:path';
import { findManifest, knownDatasets, loadPhotographs, miniRecipes, readReceipt } from '@retinabench/datasets';

/** A data set that is known by name, and whether it is here. */
export interface DatasetState {
  readonly name: string;
  readonly title: string;
  readonly images: number;
  readonly licence: string;
  /** What a pull downloads; absent where nothing can be downloaded. */
  readonly downloadBytes?: number;
  /** `embedded`: built on first use. `here`: pulled. `pull`: can be pulled. `gated`: given on application. */
  readonly state: 'embedded' | 'here' | 'pull' | 'gated';
  /** Absent unless it is here. */
  readonly root?: string;
}

/** Every data set that is known by name: the embedded one, then those with a manifest. */
export async function datasetStates(cacheDir: string): Promise<DatasetState[]> {
  const mini: DatasetState = {
    name: 'mini',
    title: 'embedded, for tries and tests: not WIDER FACE',
    images: miniRecipes(loadPhotographs()).length,
    licence: 'MIT (from @vladmandic/face-api)',
    state: 'embedded',
  };
  const others = knownDatasets.map(async (name): Promise<DatasetState> => {
    const manifest = await findManifest(name);
    const root = path.join(cacheDir, 'datasets', name);
    const isHere = (await readReceipt(root)) !== undefined;
    const downloadBytes = manifest.files.reduce((sum, { sizeBytes = 0 }) => sum + sizeBytes, 0);
    return {
      name,
      title: manifest.title,
      images: manifest.expected.images,
      licence: manifest.licence.name,
      ...(downloadBytes > 0 && { downloadBytes }),
      state: isHere ? 'here' : manifest.gate === undefined ? 'pull' : 'gated',
      ...(isHere && { root }),
    };
  });
  return [mini, ...(await Promise.all(others))];
}
