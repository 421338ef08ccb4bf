import type { AnalysisFlags } from '../analysis/analysis-flags.js';
import type { MetricFlags } from '../annotated/metric-flags.js';
import type { ChoiceFlags } from '../detection/choose-images.js';
import type { DetectionFlags } from '../detection/resolve-detector.js';
import type { ScoreMapFlags } from '../score-map/score-map-flags.js';
import type { OutputFlags } from '../terminal/flags.js';
import type { AnnotatedFlags } from './open-annotated.js';

/** The flags of `retinabench eval`. */
export interface EvalFlags
  extends OutputFlags,
    DetectionFlags,
    ChoiceFlags,
    MetricFlags,
    AnalysisFlags,
    ScoreMapFlags,
    AnnotatedFlags {
  readonly interval: boolean;
  readonly out?: string;
  readonly report?: string;
}
