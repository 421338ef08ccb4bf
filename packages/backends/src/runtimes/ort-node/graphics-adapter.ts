import { readdirSync } from 'node:fs';
import path from 'node:path';
import { hasNvidiaGpu, nvidiaModels } from './nvidia-gpus.js';

/** What a graphics interface runs on. */
export interface GraphicsAdapter {
  readonly name: string;
  /** It computes on the processor: its times say nothing of a GPU. */
  readonly isSoftware: boolean;
}

/** Drivers of Vulkan that compute on the processor, by a part of the names of their libraries. */
const softwareDrivers: Readonly<Record<string, string>> = {
  lvp: 'llvmpipe',
  lavapipe: 'llvmpipe',
  swiftshader: 'SwiftShader',
};

/**
 * What WebGPU runs on, as far as it can be told: ONNX Runtime does not say it. On Linux without a device node of a GPU it can
 * only be a driver that computes on the processor.
 *
 * @returns undefined where it cannot be told.
 */
export function graphicsAdapter(
  env: Readonly<Record<string, string | undefined>> = process.env,
  platform: string = process.platform,
): GraphicsAdapter | undefined {
  if (platform !== 'linux') return undefined;
  const drivers = vulkanDrivers(env);
  const software = drivers.flatMap((file) =>
    Object.entries(softwareDrivers).flatMap(([part, name]) => (path.basename(file).includes(part) ? [name] : [])),
  );
  const chosenSoftware = drivers.length > 0 && software.length === drivers.length;
  const gpus = entries('/dev/dri').filter((name) => name.startsWith('renderD'));
  if (!chosenSoftware && (gpus.length > 0 || hasNvidiaGpu())) {
    const model = hasNvidiaGpu() ? nvidiaModels()[0] : undefined;
    return { name: model ?? 'GPU of an unknown name', isSoftware: false };
  }
  return software.length === 0 ? undefined : { name: [...new Set(software)].join(' or '), isSoftware: true };
}

/** The files that name Vulkan's drivers: those that the environment chooses, else those installed. */
function vulkanDrivers(env: Readonly<Record<string, string | undefined>>): string[] {
  const chosen = env.VK_DRIVER_FILES ?? env.VK_ICD_FILENAMES;
  if (chosen !== undefined && chosen !== '') return chosen.split(':');
  return ['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].flatMap((folder) =>
    entries(folder).map((name) => path.join(folder, name)),
  );
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
