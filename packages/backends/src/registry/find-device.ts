import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Availability } from '../backend/backend.js';
import type { DeviceName } from '../backend/device-name.js';

/** Whether a device of ONNX Runtime loads here. */
export interface DeviceFinding {
  readonly availability: Availability;
  /** Of ONNX Runtime, with what it runs on; absent if the device does not load. */
  readonly version?: string;
}

/** Longest time that a driver may take to start. */
const timeoutMs = 60_000;

/**
 * Look whether a device loads, in a process of its own: drivers may crash. Never throws.
 *
 * Cost: a process start; up to a minute where a driver hangs.
 */
export async function findDevice(device: DeviceName): Promise<DeviceFinding> {
  // From `src` (under a test runner) as well as from `dist`, the compiled program is two folders up, in `dist`.
  const program = fileURLToPath(new URL('../../dist/registry/probe-device.js', import.meta.url));
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [program, device], { timeout: timeoutMs });
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '') as DeviceFinding;
  } catch (error) {
    const { killed, signal, code } = error as { killed?: boolean; signal?: string; code?: number | string };
    const end = killed ? `took longer than ${timeoutMs / 1000} s` : `ended by ${signal ?? `exit code ${code}`}`;
    return {
      availability: {
        available: false,
        reason: `device ${device} does not load: the process that tried it ${end}`,
        remedy: "look for another version of the device's driver, or choose --device cpu",
      },
    };
  }
}
