import { BackendError } from '@retinabench/core';

/** Devices that ONNX Runtime's native build may have, by the name of their execution provider. */
export const deviceNames = ['cpu', 'webgpu', 'cuda', 'tensorrt', 'coreml', 'dml'] as const;
export type DeviceName = (typeof deviceNames)[number];

/** ONNX Runtime on a device: `ort-node:webgpu`; with `+cpu` what the device lacks may run on the processor. */
export interface DeviceBackendId {
  readonly device: DeviceName;
  readonly sharesWithCpu: boolean;
}

const prefix = 'ort-node:';
const shared = '+cpu';

/** Read the id of a backend on a device; undefined for one that names none. @throws {BackendError} for an unknown device. */
export function parseDeviceBackend(id: string): DeviceBackendId | undefined {
  return id.startsWith(prefix) ? parseDevice(id.slice(prefix.length)) : undefined;
}

/**
 * The id of ONNX Runtime on a device.
 *
 * @param backend without a device.
 * @param device  one of `deviceNames`, or with `+cpu` behind it.
 * @throws {BackendError} if the device is not known, or the backend takes none.
 */
export function withDevice(backend: string, device: string): string {
  const parsed = parseDevice(device);
  if (backend === 'ort-node') return parsed.device === 'cpu' ? backend : `${prefix}${device}`;
  if (parseDeviceBackend(backend) !== undefined) {
    throw new BackendError(`--device ${device}: backend ${backend} names a device itself; leave one of the two out`);
  }
  throw new BackendError(`--device ${device}: backend ${backend} takes no device; only ort-node does`);
}

function parseDevice(text: string): DeviceBackendId {
  const sharesWithCpu = text.endsWith(shared);
  const name = sharesWithCpu ? text.slice(0, -shared.length) : text;
  const device = deviceNames.find((known) => known === name);
  if (device === undefined || (device === 'cpu' && sharesWithCpu)) {
    throw new BackendError(
      `device ${JSON.stringify(text)}: not known; choose one of ${deviceNames.join(', ')}, or with ${shared} behind it, as in webgpu${shared}`,
    );
  }
  return { device, sharesWithCpu };
}

/** What a backend says as its version, in two: `1.27.0 on NVIDIA H200` names a device, `1.27.0` none. */
export function versionAndDevice(text: string): { readonly version: string; readonly device?: string } {
  const at = text.indexOf(' on ');
  return at < 0 ? { version: text } : { version: text.slice(0, at), device: text.slice(at + ' on '.length) };
}
