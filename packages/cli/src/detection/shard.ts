import { ProtocolError } from '@retinabench/core';

/** One of several parts of a data set. */
export interface Shard {
  /** 1-based. */
  readonly index: number;
  readonly count: number;
}

/** Where a scheduler says which of its jobs this one is, and how many there are. */
interface SchedulerVariables {
  readonly scheduler: string;
  readonly index: string;
  /** The first that says it. */
  readonly counts: readonly string[];
  /** Of the first job; a variable says it, or it is this number. */
  readonly first: string | number;
}

/** RETINABENCH_SHARD_COUNT is for schedulers that tell a job its index alone. */
const countVariable = 'RETINABENCH_SHARD_COUNT';

/** In this order. Sources: the documentation of each. */
const schedulers: readonly SchedulerVariables[] = [
  { scheduler: 'this program', index: 'RETINABENCH_SHARD_INDEX', counts: [countVariable], first: 1 },
  {
    scheduler: 'Slurm',
    index: 'SLURM_ARRAY_TASK_ID',
    counts: ['SLURM_ARRAY_TASK_COUNT'],
    first: 'SLURM_ARRAY_TASK_MIN',
  },
  { scheduler: 'Kubernetes', index: 'JOB_COMPLETION_INDEX', counts: ['JOB_COMPLETIONS', countVariable], first: 0 },
  {
    scheduler: 'AWS Batch',
    index: 'AWS_BATCH_JOB_ARRAY_INDEX',
    counts: ['AWS_BATCH_JOB_ARRAY_SIZE', countVariable],
    first: 0,
  },
  { scheduler: 'Google Cloud Batch', index: 'BATCH_TASK_INDEX', counts: ['BATCH_TASK_COUNT'], first: 0 },
  { scheduler: 'GitLab', index: 'CI_NODE_INDEX', counts: ['CI_NODE_TOTAL'], first: 1 },
  { scheduler: 'Buildkite', index: 'BUILDKITE_PARALLEL_JOB', counts: ['BUILDKITE_PARALLEL_JOB_COUNT'], first: 0 },
  { scheduler: 'CircleCI', index: 'CIRCLE_NODE_INDEX', counts: ['CIRCLE_NODE_TOTAL'], first: 0 },
];

/** The variables of the environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Read `--shard i/n`, or `--shard auto`: what the scheduler that runs this job says in its variables.
 *
 * @throws {ProtocolError} if it is not two whole numbers with 1 <= i <= n, or no scheduler says them.
 */
export function parseShard(text: string | undefined, environment: Environment = process.env): Shard | undefined {
  if (text === undefined) return undefined;
  if (text === 'auto') return schedulerShard(environment);
  const [index, count] = /^(\d+)\/(\d+)$/.exec(text)?.slice(1).map(Number) ?? [0, 0];
  if (!(index >= 1 && index <= count)) {
    throw new ProtocolError(
      `--shard: expected i/n with 1 <= i <= n, such as 2/4, or auto, got ${JSON.stringify(text)}`,
    );
  }
  return { index, count };
}

/** Which shard the scheduler of this job says. */
function schedulerShard(environment: Environment): Shard {
  const found = schedulers.find(({ index }) => (environment[index] ?? '') !== '');
  if (found === undefined) {
    const names = schedulers.map(({ index, scheduler }) => `${index} (${scheduler})`).join(', ');
    throw new ProtocolError(`--shard auto: expected a variable of a scheduler, got none of ${names}; say --shard i/n`);
  }
  const { scheduler, index: indexName, counts, first } = found;
  const countName = counts.find((name) => (environment[name] ?? '') !== '');
  if (countName === undefined) {
    throw new ProtocolError(
      `--shard auto: ${scheduler} says ${indexName} and not how many there are; set ${counts[counts.length - 1]} in the job`,
    );
  }
  const firstIndex = typeof first === 'number' ? first : numberOf(first, environment, 0);
  const count = numberOf(countName, environment);
  const index = numberOf(indexName, environment) - firstIndex + 1;
  if (!(index >= 1 && index <= count)) {
    throw new ProtocolError(
      `--shard auto: expected ${indexName} from ${firstIndex} to ${firstIndex + count - 1}, of ${count} by ${countName}, got ${environment[indexName]}; number the jobs without gaps`,
    );
  }
  return { index, count };
}

function numberOf(name: string, environment: Environment, otherwise?: number): number {
  const text = environment[name] ?? '';
  if (text === '' && otherwise !== undefined) return otherwise;
  if (!/^\d+$/.test(text)) {
    throw new ProtocolError(
      `--shard auto: expected a whole number in ${name}, got ${JSON.stringify(text)}; say --shard i/n`,
    );
  }
  return Number(text);
}

/** Every n-th item from the i-th on, so that shards are of equal size and cover all events. */
export function takeShard<Item>(items: readonly Item[], shard: Shard | undefined): readonly Item[] {
  if (shard === undefined) return items;
  return items.filter((_, position) => position % shard.count === shard.index - 1);
}
