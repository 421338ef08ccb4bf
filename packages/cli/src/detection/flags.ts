import { availableParallelism } from 'node:os';
import type { DetectionProtocol, ResizeKernel, Suppression } from '@retinabench/backends';
import {
  deviceNames,
  parsePerturbation,
  parseScaleRule,
  resizeKernels,
  withDevice,
} from '@retinabench/backends/settings';
import { type Command, Option } from 'commander';
import { numberBetween, wholeNumber } from '../terminal/flags.js';

/** Which detector runs where. */
export interface DetectorFlags {
  readonly model?: string;
  readonly backend: string;
  readonly threads: number;
}

/** The settings of detection that the user asked for; what is absent comes from the model's card. */
export interface ProtocolFlags {
  readonly scale?: string;
  readonly resize?: ResizeKernel;
  readonly scoreFloor?: number;
  readonly suppression?: Suppression;
  readonly nmsIou?: number;
  readonly topK?: number;
  readonly keepTopK?: number;
  readonly decode?: 'sharp' | 'browser';
  /** One condition, as `parsePerturbation` reads it. */
  readonly perturb?: string;
  readonly perturbSeed?: number;
}

/** Add `--model`, `--backend` and `--threads`, with the same meaning everywhere. */
export function addDetectorFlags(command: Command): Command {
  return addDeviceFlag(command)
    .option(
      '--model <id>',
      'id of a model card, or path of an .onnx with its card beside it (default: the embedded one)',
    )
    .option(
      '--backend <id>',
      'ort-node, ort-wasm, litert-wasm, tfjs-node, tfjs-wasm or tfjs-cpu; in a browser of this machine chromium/ort-wasm, firefox/tfjs-wasm, webkit/ort-wasm and the like (docs/backends.md)',
      'ort-node',
    )
    .option('--threads <n>', 'intra-operator threads of each session', wholeNumber(1), 1);
}

/** Add `--device`, which becomes part of the backend's name before the command runs. */
export function addDeviceFlag(command: Command): Command {
  return command
    .option(
      '--device <name>',
      `of ort-node: ${deviceNames.join(', ')}; what the device lacks is an error, or with +cpu behind the name left to the processor (default: cpu)`,
    )
    .hook('preAction', (_parent, action) => {
      const { device, backend } = action.opts<{ device?: string; backend?: string | readonly string[] }>();
      if (device === undefined || backend === undefined) return;
      const named = (list: readonly string[]): string[] => list.map((id) => onDevice(id, device, list.length > 1));
      const asked = typeof backend === 'string' ? backend.split(',') : backend.length === 0 ? ['ort-node'] : backend;
      const chosen = typeof backend === 'string' ? named(asked).join() : named(asked);
      action.setOptionValueWithSource('backend', chosen, action.getOptionValueSource('backend'));
    });
}

/** In a list of backends the device is for those that take one. */
function onDevice(backend: string, device: string, inList: boolean): string {
  return inList && backend !== 'ort-node' ? backend : withDevice(backend, device);
}

/** Add `--workers`, default the number of cores. */
export function addWorkersFlag(command: Command): Command {
  return command.option(
    '--workers <n>',
    'worker processes, each with a session',
    wholeNumber(1),
    availableParallelism(),
  );
}

/** Longest time of one image unless the user says otherwise: no image of any model that runs here has come near it. */
export const defaultImageTimeoutS = 3600;

/** Add `--image-timeout`. */
export function addImageTimeoutFlag(command: Command): Command {
  return command.option(
    '--image-timeout <seconds>',
    'longest time of one image, after which its worker is ended and the image named; 0: no limit',
    numberBetween(0, 1_000_000),
    defaultImageTimeoutS,
  );
}

/** Add `--image-timeout` to a verb that detects in this process, where only what runs in a browser can be ended. */
export function addBrowserTimeoutFlag(command: Command): Command {
  return command.option(
    '--image-timeout <seconds>',
    'longest time of one image on a backend in a browser, which is ended then; 0: no limit',
    numberBetween(0, 1_000_000),
    defaultImageTimeoutS,
  );
}

/** The same as an option of a session. */
export function sessionLimit({ imageTimeout }: { readonly imageTimeout: number }): { readonly limitMs?: number } {
  return imageTimeout === 0 ? {} : { limitMs: imageTimeout * 1000 };
}

/** The limit of `--image-timeout` as an option of a run; none for 0. */
export function imageLimit({ imageTimeout }: { readonly imageTimeout: number }): { readonly imageLimitMs?: number } {
  return imageTimeout === 0 ? {} : { imageLimitMs: imageTimeout * 1000 };
}

/** Add the flags of the detection protocol. */
export function addProtocolFlags(command: Command): Command {
  return command
    .option('--scale <rule>', 'original, original:MAX, long:N, vga, short:1600,2150 or pyramid (default: original)')
    .addOption(
      new Option('--resize <kernel>', 'how images are resized (default: opencv-linear)').choices(resizeKernels),
    )
    .option('--score-floor <n>', "keep boxes that score above it (default: the card's)", numberBetween(0, 1))
    .addOption(
      new Option(
        '--suppression <how>',
        'default: nms; vote under the pyramid; none where the network suppresses by itself',
      ).choices(['nms', 'soft-nms', 'vote', 'none']),
    )
    .option('--nms-iou <n>', "IoU above which a box is suppressed (default: the card's)", numberBetween(0, 1))
    .option('--top-k <n>', 'boxes that enter suppression, 0 for all (default: 0)', wholeNumber(0))
    .option('--keep-top-k <n>', 'boxes kept after it, 0 for all (default: 0)', wholeNumber(0))
    .addOption(
      new Option(
        '--decode <who>',
        'sharp for every backend alike (the default), or the browser that the backend runs in',
      ).choices(['sharp', 'browser']),
    );
}

/**
 * Add `--perturb` and `--perturb-seed`.
 *
 * @param list whether several conditions may be given, each beside the clean run.
 */
export function addPerturbFlags(command: Command, list: boolean): Command {
  return command
    .option(
      list ? '--perturb <list>' : '--perturb <steps>',
      `corrupt the images first: blur:2 (pixels), jpeg:30 (quality), dark:0.4 (factor), noise:10 (levels), scale:0.5, rotate:20 (degrees); + applies several to one image${
        list ? ', each item of the list is a run of its own, compared with the clean one' : ''
      }`,
    )
    .option('--perturb-seed <n>', 'of the noise (default: 0)', wholeNumber(0));
}

/**
 * The protocol settings that the flags ask for.
 *
 * @throws {ProtocolError} if the scale rule is none, or the perturbation.
 */
export function askedProtocol(flags: ProtocolFlags): Partial<DetectionProtocol> {
  const { scale, resize, scoreFloor, suppression, nmsIou, topK, keepTopK, decode, perturb, perturbSeed } = flags;
  const asked = {
    resize,
    scoreFloor,
    suppression,
    nmsIou,
    topK,
    keepTopK,
    decode: decode === 'browser' ? decode : undefined,
    scale: scale === undefined ? undefined : parseScaleRule(scale),
    perturb: perturb === undefined ? undefined : parsePerturbation(perturb, perturbSeed),
  };
  return Object.fromEntries(Object.entries(asked).filter(([, value]) => value !== undefined));
}
