import { ProtocolError } from '@retinabench/core';

/** Corruptions of an image, by name. */
export const perturbationNames = ['blur', 'jpeg', 'dark', 'noise', 'scale', 'rotate'] as const;
export type PerturbationName = (typeof perturbationNames)[number];

/** One corruption with its strength: `blur:2`. */
export interface PerturbationStep {
  readonly name: PerturbationName;
  readonly value: number;
}

/** Corruptions of one image in the order in which they are applied, each to the 8-bit image that the one before gave. */
export interface Perturbation {
  readonly steps: readonly PerturbationStep[];
  /** Of what is random in them. */
  readonly seed: number;
}

interface Range {
  readonly unit: string;
  readonly holds: (value: number) => boolean;
  readonly expected: string;
}

const ranges: Readonly<Record<PerturbationName, Range>> = {
  blur: {
    unit: 'standard deviation in pixels',
    holds: (value) => value >= 0.3 && value <= 100,
    expected: '0.3 to 100',
  },
  jpeg: {
    unit: 'quality',
    holds: (value) => Number.isInteger(value) && value >= 1 && value <= 100,
    expected: 'a whole number from 1 to 100',
  },
  dark: { unit: 'factor of the 8-bit values', holds: (value) => value > 0 && value <= 1, expected: 'above 0, up to 1' },
  noise: {
    unit: 'standard deviation in 8-bit levels',
    holds: (value) => value >= 0 && value <= 255,
    expected: '0 to 255',
  },
  scale: { unit: 'factor of both sides', holds: (value) => value >= 0.01 && value <= 4, expected: '0.01 to 4' },
  rotate: {
    unit: 'degrees clockwise',
    holds: (value) => Math.abs(value) <= 180 && degreesOffRightAngle(value) <= 30,
    expected:
      '-180 to 180, at most 30 off a multiple of 90: nearer to 45 a box without tilt does not say what the face measures',
  },
};

/** How far an angle is off the nearest multiple of 90, 0..45. */
function degreesOffRightAngle(degrees: number): number {
  const rest = Math.abs(degrees) % 90;
  return Math.min(rest, 90 - rest);
}

/**
 * Read the corruptions of one image: `blur:2`, or several that are applied in turn, `blur:2+jpeg:30`.
 *
 * @throws {ProtocolError} if a name is unknown, a value is missing or out of range.
 */
export function parsePerturbation(text: string, seed = 0): Perturbation {
  const steps = text.split('+').map((step): PerturbationStep => {
    const [name, argument, ...rest] = step.trim().split(':');
    const known = perturbationNames.find((one) => one === name);
    const value = argument === undefined || argument.trim() === '' ? Number.NaN : Number(argument);
    if (known === undefined || rest.length > 0) {
      throw new ProtocolError(
        `perturbation: expected blur:2, jpeg:30, dark:0.4, noise:10, scale:0.5 or rotate:20, joined by + where one image gets several, got ${JSON.stringify(step)}`,
      );
    }
    const { unit, holds, expected } = ranges[known];
    if (!holds(value)) {
      throw new ProtocolError(
        `perturbation ${known}: expected ${expected} (${unit}), got ${JSON.stringify(argument ?? '')}`,
      );
    }
    return { name: known, value };
  });
  return { steps, seed };
}

/**
 * Read a list of conditions, each with its own corruptions: `blur:2,jpeg:30` are two, `blur:2+jpeg:30` is one.
 *
 * @throws {ProtocolError} as parsePerturbation, or if a condition appears twice.
 */
export function parsePerturbations(text: string, seed = 0): Perturbation[] {
  const list = text.split(',').map((one) => parsePerturbation(one, seed));
  const names = list.map(formatPerturbation);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new ProtocolError(`perturbations: expected each once, got ${twice} twice`);
  return list;
}

/** Corruptions as text that `parsePerturbation` reads; the seed stands apart. */
export function formatPerturbation({ steps }: Perturbation): string {
  return steps.map(({ name, value }) => `${name}:${value}`).join('+');
}

/** Whether anything in it is drawn at random, so that its seed matters. */
export function isRandom({ steps }: Perturbation): boolean {
  return steps.some(({ name }) => name === 'noise');
}
