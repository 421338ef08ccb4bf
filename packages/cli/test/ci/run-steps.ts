import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A step of a workflow or of a composite action, as its YAML has it. */
export interface Step {
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly 'continue-on-error'?: boolean;
}

/** What a machine of GitHub gives the steps. */
export interface Machine {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Of expressions, such as `inputs.record`. */
  readonly values: Readonly<Record<string, string>>;
}

/** What came of the steps. */
export interface StepsResult {
  /** 0, or the exit code of the step that failed. */
  readonly status: number;
  readonly outputs: Readonly<Record<string, string>>;
  readonly said: string;
}

/**
 * Run the steps that have commands, as GitHub's runner does: bash with -e, a file for outputs, expressions put in, and after a failure only
 * steps with always(). Steps that use other actions, or install packages, are left out: the folder has what they would bring.
 */
export async function runSteps(steps: readonly Step[], { cwd, env, values }: Machine): Promise<StepsResult> {
  const folder = mkdtempSync(path.join(cwd, '.runner-'));
  const outputs: Record<string, string> = {};
  let status = 0;
  let said = '';
  const evaluate = (name: string): string => {
    const value = outputs[name] ?? values[name];
    if (value === undefined) throw new Error(`an expression that the test knows nothing of: ${name}`);
    return value;
  };
  const fill = (text: string): string => text.replace(/\$\{\{\s*(.*?)\s*\}\}/g, (_, name: string) => evaluate(name));
  for (const [index, step] of steps.entries()) {
    if (step.run === undefined || /^npm (ci|install)/.test(step.run)) continue;
    if (!applies(step.if, status, evaluate)) continue;
    const output = path.join(folder, `output-${index}`);
    writeFileSync(output, '');
    const own = Object.fromEntries(Object.entries(step.env ?? {}).map(([name, value]) => [name, fill(value)]));
    const done = await runBash(fill(step.run), cwd, { ...env, ...own, GITHUB_OUTPUT: output });
    said += done.said;
    for (const line of readFileSync(output, 'utf8').split('\n').filter(Boolean)) {
      const [name, ...value] = line.split('=');
      outputs[`steps.${step.id}.outputs.${name}`] = value.join('=');
    }
    if (done.status !== 0 && step['continue-on-error'] !== true && status === 0) status = done.status;
  }
  return { status, outputs, said };
}

/** Whether a step runs: conditions are equalities and always(), joined by &&. */
function applies(condition: string | undefined, status: number, evaluate: (name: string) => string): boolean {
  const parts = (condition ?? '').split('&&').map((part) => part.trim());
  if (status !== 0 && !parts.includes('always()')) return false;
  return parts.every((part) => {
    const [, name, value] = /^(\S+) == '(.*)'$/.exec(part) ?? [];
    return name === undefined || evaluate(name) === value;
  });
}

function runBash(script: string, cwd: string, env: Machine['env']): Promise<{ status: number; said: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], { cwd, env });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  return new Promise((resolve) => child.on('close', (status) => resolve({ status: status ?? 3, said })));
}
