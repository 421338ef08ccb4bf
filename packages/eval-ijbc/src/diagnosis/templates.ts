import { formatCount } from '@retinabench/results';
import type { Templates } from '../template/templates.js';
import { type Diagnosis, formatIds } from './diagnosis.js';

/**
 * Templates whose features sum to zero, all of them named: no face was found in their images, or features cancel.
 *
 * @param place the file of the features.
 * @param task what the templates are used in: a pair scores 0, a search finds nothing.
 */
export function diagnoseZeroTemplates(
  { zeroIds, count }: Templates,
  place: string,
  task: 'verification' | 'identification',
): Diagnosis[] {
  if (zeroIds.length === 0) return [];
  const one = zeroIds.length === 1;
  return [
    {
      code: 'templates-zero',
      level: 'warning',
      evidence: `${place}: ${formatCount(zeroIds.length)} of ${formatCount(count)} templates ${one ? 'has' : 'have'} no usable feature (the sum is zero): template${one ? '' : 's'} ${formatIds(zeroIds)}`,
      effect:
        task === 'verification'
          ? 'their pairs score 0, as in the public scripts'
          : 'a probe of them finds nobody at any rank; an entry of them has similarity 0 to every probe',
      fix: 'look at their images: no face found, features or detector scores all zero, or mirrored features that cancel',
    },
  ];
}
