import { formatCount } from '@retinabench/results';
import type { ImageList } from '../meta/images.js';
import { type Diagnosis, formatFirst } from './diagnosis.js';

/**
 * Whether an image is listed twice in one template. The same image in several templates is usual and no fault.
 *
 * @param place the image list's name; image i is its line i + 1.
 * Cost: a set of the names.
 */
export function diagnoseImages({ names, templateIds }: ImageList, place: string): Diagnosis[] {
  if (new Set(names).size === names.length) return [];
  const firstOf = new Map<string, number>();
  const repeated: string[] = [];
  names.forEach((name, image) => {
    const key = `${templateIds[image]} ${name}`;
    const first = firstOf.get(key);
    if (first === undefined) firstOf.set(key, image);
    else repeated.push(`${name} in template ${templateIds[image]} (lines ${first + 1} and ${image + 1})`);
  });
  if (repeated.length === 0) return [];
  return [
    {
      code: 'images-repeated',
      level: 'warning',
      evidence: `${place}: ${formatCount(repeated.length)} line${repeated.length === 1 ? ' lists' : 's list'} an image again in the same template: ${formatFirst(repeated, 5)}`,
      effect: 'the image weighs more than others of its template',
      fix: 'remove the repeated lines and their rows of the features',
    },
  ];
}
