import { ProtocolError } from '@retinabench/core';
import type { ResultRecord } from '@retinabench/results';
import type { PairedDifference } from '../difference/difference-interval.js';
import { checkRule } from './check-rule.js';
import type { GateConfig } from './config.js';
import { controlErrors } from './control-errors.js';
import type { GateContext } from './gate-context.js';
import { recordRules } from './guards.js';
import type { GateReport, GateResult, Verdict } from './result.js';

/**
 * Hold a record against a baseline by the rules of a configuration.
 *
 * @param pairedApDifference gives the paired interval of the difference in AP, or undefined if the records lack the
 * per-image data.
 * @param onProgress called before each rule with the rules that are checked and all that there are.
 * @throws {ProtocolError} if no rule applies: a gate that checks nothing must not pass.
 */
export function evaluateGate(
  baseline: ResultRecord,
  record: ResultRecord,
  config: GateConfig,
  pairedApDifference: PairedDifference,
  onProgress: (done: number, total: number) => void = () => undefined,
): GateReport {
  const context: GateContext = { baseline, record, allow: config.allow, pairedApDifference };
  const rules = recordRules(config);
  const checked = rules.flatMap((rule, index) => {
    onProgress(index, rules.length);
    return checkRule(rule, context);
  });
  const results = controlErrors(checked);
  if (results.length === 0) {
    throw new ProtocolError(
      `no rule applies to a record of kind ${record.kind}, so the gate would pass whatever it holds; name its rules in a configuration (--config FILE)`,
    );
  }
  return reportGate(results, config, describeRecord(baseline), describeRecord(record));
}

/**
 * Sum up results: the worst verdict decides. `fail` exits 1; a check of level `error` that is not comparable, and not
 * allowed to be, exits 2, since the input and not the model is at fault; an inconclusive one exits 0 unless the
 * configuration says `fail`.
 */
export function reportGate(
  results: readonly GateResult[],
  config: Pick<GateConfig, 'allow' | 'inconclusive'>,
  baseline: string,
  record: string,
): GateReport {
  const has = (verdict: Verdict): boolean => results.some((result) => result.verdict === verdict);
  const hasError = (verdict: Verdict): boolean =>
    results.some((result) => result.verdict === verdict && result.level === 'error');
  const tests = results.filter(({ values }) => values.pAdjusted !== undefined).length;
  const common = { baseline, record, results, ...(tests === 0 ? {} : { tests }) };
  if (has('fail')) return { ...common, verdict: 'fail', exitCode: 1 };
  if (hasError('inconclusive') && config.inconclusive === 'fail') return { ...common, verdict: 'fail', exitCode: 1 };
  if (results.some((result) => !isTolerated(result))) return { ...common, verdict: 'not comparable', exitCode: 2 };
  if (hasError('inconclusive')) return { ...common, verdict: 'inconclusive', exitCode: 0 };
  const verdict = results.every((result) => result.verdict === 'pass') ? 'pass' : 'warn';
  return { ...common, verdict, exitCode: 0 };
}

/** Whether a result leaves the gate open to pass: all but an `error` that is not comparable and not allowed to be. */
function isTolerated(result: GateResult): boolean {
  return result.verdict !== 'not comparable' || result.level === 'warn' || result.allowed === true;
}

/** A record in words: model, backend, data set and protocol. */
export function describeRecord(record: ResultRecord): string {
  const { model, backend, dataset, protocol } = record;
  const parts = [
    model?.id ?? record.kind,
    ...(backend === undefined ? [] : [`on ${backend.id} ${backend.version}`]),
    ...(dataset === undefined ? [] : [`data set ${dataset.name} (${dataset.images} images)`]),
    `protocol ${protocol.id}`,
  ];
  return parts.join(', ');
}
