import { ProtocolError } from '@retinabench/core';
import { formatScaleRule, parseScaleRule, type ScaleRule } from './scale-rule.js';

/**
 * Read a list of scale rules, joined by commas. A number alone goes on with the rule before it: `long:320,480,original` are the
 * three rules `long:320`, `long:480` and `original`. Right after `short:N` it is that rule's cap, so that `short:1600,2150` is
 * one rule as ever.
 *
 * @returns at least one rule, each once, in the order of the list.
 * @throws {ProtocolError} if an item is no rule (parseScaleRule), a rule appears twice, or a number follows a rule that does
 * not go on.
 */
export function parseScaleRules(text: string): ScaleRule[] {
  const items: string[] = [];
  for (const part of text.split(',').map((word) => word.trim())) {
    const last = items.at(-1);
    if (part === '') parseScaleRule(part);
    if (!/^\d+(\+\d+)*$/.test(part) || last === undefined) items.push(part);
    else if (/^short:\d+$/.test(last)) items[items.length - 1] = `${last},${part}`;
    else if (last === 'vga' || last.startsWith('long:')) items.push(`long:${part}`);
    else {
      throw new ProtocolError(
        `scale rules: ${JSON.stringify(part)} in ${JSON.stringify(text)} follows ${last}, which takes no further number; write each rule out, such as long:${part}`,
      );
    }
  }
  const rules = items.map(parseScaleRule);
  const names = rules.map(formatScaleRule);
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new ProtocolError(`scale rules: expected each rule once, got ${twice} twice in ${JSON.stringify(text)}`);
  }
  return rules;
}
