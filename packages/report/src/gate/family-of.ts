import type { RuleFamily } from './rule-family.js';
import { ruleFamilies } from './rules.js';

/** The family of a rule's key, `ap` of `ap.hard`, and the subject that remains; undefined if there is no such rule. */
export function familyOf(key: string): { readonly family: RuleFamily; readonly subject: string } | undefined {
  for (const family of ruleFamilies) {
    const subject = key.startsWith(`${family.prefix}.`) ? key.slice(family.prefix.length + 1) : undefined;
    if (subject !== undefined && family.subjects.test(subject)) return { family, subject };
  }
  return undefined;
}
