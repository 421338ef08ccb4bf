import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A command that the documentation tells its reader to run. */
export interface DocumentedCommand {
  /** Relative to the workspace. */
  readonly file: string;
  /** Of its first line, from 1. */
  readonly line: number;
  /** As a shell takes it: without comment, continuation lines joined. */
  readonly text: string;
}

const begins = /^(?:[A-Z_]+=\S+ )*(?:npx|npm|node|tools\/[\w-]+\.sh)\s/;
const inline = /`((?:[A-Z_]+=\S+ )*(?:npx|npm|node|tools\/[\w-]+\.sh) [^`]+)`/g;

/** Every command in the README, the guides and the examples: in code blocks, and in backticks between words. */
export function documentedCommands(workspace: string): DocumentedCommand[] {
  const inFolder = (folder: string): string[] =>
    readdirSync(path.join(workspace, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.md') && !file.includes('node_modules'))
      .map((file) => path.join(folder, file))
      .sort();
  const files = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', ...inFolder('docs'), ...inFolder('examples')];
  return files.flatMap((file) => commandsOf(file, readFileSync(path.join(workspace, file), 'utf8')));
}

/** The commands of one Markdown text. */
export function commandsOf(file: string, markdown: string): DocumentedCommand[] {
  const commands: DocumentedCommand[] = [];
  const lines = markdown.split('\n');
  let fenced = false;
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    if (lines[at].startsWith('```')) fenced = !fenced;
    else if (fenced || lines[at].startsWith('    ')) {
      let text = lines[at].trim();
      if (!begins.test(text)) continue;
      while (text.endsWith('\\')) text = `${text.slice(0, -1).trim()} ${lines[++at].trim()}`;
      commands.push({ file, line, text: text.replace(/\s+[#(].*$/, '') });
    } else for (const [, text] of lines[at].matchAll(inline)) commands.push({ file, line, text });
  }
  return commands;
}
