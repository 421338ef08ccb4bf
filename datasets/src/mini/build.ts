import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { formatTruthJson, formatTruthText, type WiderTruth } from './annotation.js';
import type { AnnotatedPhotograph } from './photographs.js';
import { miniRecipes } from './recipes.js';
import { faceTruths } from './truth.js';

/**
 * Write the embedded data set in WIDER FACE's layout: `WIDER_val/images/<event>/<image>.jpg`, `ground_truth/
 * wider_face_val.json` and `wider_face_val_bbx_gt.txt`.
 *
 * @param root         an existing folder.
 * @param photographs  the annotated photographs.
 * @param sourceFolder where they lie.
 * Cost: about 2 s and 60 MB.
 */
export async function buildMini(
  root: string,
  photographs: readonly AnnotatedPhotograph[],
  sourceFolder: string,
): Promise<void> {
  const recipes = miniRecipes(photographs);
  // Loaded late: listing data sets decodes no image.
  const { createRenderer } = await import('./render.js');
  const renderer = createRenderer(sourceFolder, photographs);
  for (const recipe of recipes) {
    const folder = path.join(root, 'WIDER_val', 'images', recipe.event);
    await mkdir(folder, { recursive: true });
    await writeFile(path.join(folder, `${recipe.image}.jpg`), await renderer.render(recipe));
  }
  const truth: WiderTruth = {
    version: 1,
    images: recipes.map((recipe) => ({
      name: `${recipe.event}/${recipe.image}`,
      faces: faceTruths(recipe, photographs),
    })),
  };
  await mkdir(path.join(root, 'ground_truth'), { recursive: true });
  await writeFile(path.join(root, 'ground_truth', 'wider_face_val.json'), formatTruthJson(truth));
  await writeFile(path.join(root, 'wider_face_val_bbx_gt.txt'), formatTruthText(truth));
}
