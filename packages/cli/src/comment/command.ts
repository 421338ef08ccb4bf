import type { Command } from 'commander';
import { lazyAction } from '../lazy-action.js';
import { addOutputFlags, wholeNumber } from '../terminal/flags.js';

/** Register `retinabench comment`. */
export function registerComment(program: Command): void {
  addOutputFlags(
    program
      .command('comment')
      .argument('<file>', 'Markdown, as gate --markdown and report write it')
      .option('--name <name>', 'which comment of a pull request it is: one of this name is replaced', 'gate')
      .option('--pull-request <n>', 'its number (default: of the event that runs the workflow)', wholeNumber(1))
      .option('--pictures <file...>', 'PNG, JPEG or WebP files shown below the text; needs contents: write')
      .option(
        '--dry-run',
        'print the comment that would be written, and which pull request it is for; ask GitHub nothing',
      )
      .option('--pictures-branch <name>', 'the branch of the repository that keeps them', 'retinabench-pictures'),
  )
    .addHelpText(
      'after',
      `
Writes a comment on a pull request of GitHub, or updates the one that it wrote before. It takes what GitHub Actions sets: GITHUB_REPOSITORY,
GITHUB_EVENT_PATH, GITHUB_API_URL, and GITHUB_TOKEN, which a step has to be given (permissions: pull-requests: write). The token of a pull
request from a fork may not write: then it ends with 3 and says so, and the step summary has the same table.

Examples:
  retinabench gate --record head.json --markdown gate.md; retinabench comment gate.md
  retinabench comment gate.md --dry-run            what would be written; needs no token`,
    )
    .action(lazyAction(async () => (await import('./run-comment.js')).runComment));
}
