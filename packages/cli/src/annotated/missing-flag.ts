import { type Command, Option } from 'commander';
import { missingRules } from './missing-rule.js';

/** Add the flag that says what is done about annotated images without predictions. */
export function addMissingFlag(command: Command): Command {
  return command.addOption(
    new Option(
      '--missing <rule>',
      'annotated images without predictions: refuse them, take them as empty, or leave them out',
    )
      .choices(missingRules)
      .default('refuse'),
  );
}
