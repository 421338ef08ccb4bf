// Small disks to fill and to make read-only; they need the right to mount (root on Linux).
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { atExit } from './at-exit.mjs';

function must(command, ...args) {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/**
 * Mount an empty disk of `size` (`300k`, `3m`) at `place`, which is made.
 *
 * @returns what changes it; it is unmounted when the script ends.
 */
export function mountTmpfs(place, size) {
  mkdirSync(place, { recursive: true });
  must('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', place);
  let mounted = true;
  const unmount = () => {
    if (mounted) spawnSync('umount', ['-l', place]);
    mounted = false;
  };
  atExit(unmount);
  return {
    resize: (to) => must('mount', '-o', `remount,size=${to}`, place),
    makeReadOnly: () => must('mount', '-o', 'remount,ro', place),
    unmount,
  };
}

/** Whether disks can be mounted here. */
export function canMount() {
  return process.platform === 'linux' && process.getuid?.() === 0;
}
