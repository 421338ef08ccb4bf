import { afterEach, describe, expect, it, vi } from 'vitest';
import { shownText } from '../../src/terminal/output.js';

afterEach(() => vi.unstubAllEnvs());

describe('shownText', () => {
  // actions/runner, ActionCommand.cs: a command is a line that begins with `::` after white space, or holds `##[`.
  const named = 'record: model\n::error title=x::y\n \t::add-mask::a on ##[group]b a::b';

  it('lets no line be a command of a workflow on a machine of GitHub Actions', () => {
    vi.stubEnv('GITHUB_ACTIONS', 'true');
    const lines = shownText(named).split('\n');
    expect(lines.filter((line) => line.trimStart().startsWith('::') || line.includes('##['))).toEqual([]);
    expect(lines[2]).toMatch(/a::b$/);
  });

  it('is the text elsewhere', () => {
    vi.stubEnv('GITHUB_ACTIONS', '');
    expect(shownText(named)).toBe(named);
  });
});
