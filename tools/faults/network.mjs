// A network namespace of its own for a process, whose cable can be pulled (Linux, root).
import { spawnSync } from 'node:child_process';
import { atExit } from './at-exit.mjs';

const name = `rb${process.pid % 100000}`;
/** Addresses that RFC 5737 keeps for examples. */
const [hostAddress, otherAddress] = ['192.0.2.1', '192.0.2.2'];

function ip(...args) {
  const { status, stderr, error } = spawnSync('ip', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`ip ${args.join(' ')}: ${error?.message ?? stderr}`);
}

/** Whether namespaces can be made here. */
export function canCutOff() {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const made = spawnSync('ip', ['netns', 'add', `${name}t`]);
  if (made.status !== 0) return false;
  spawnSync('ip', ['netns', 'del', `${name}t`]);
  return true;
}

/** Make the namespace: how to start a process in it, the address of the host there, and its cable. */
export function makeNamespace() {
  ip('netns', 'add', name);
  atExit(() => {
    spawnSync('ip', ['netns', 'del', name]);
    spawnSync('ip', ['link', 'del', `${name}h`]);
  });
  ip('link', 'add', `${name}h`, 'type', 'veth', 'peer', 'name', `${name}n`, 'netns', name);
  ip('addr', 'add', `${hostAddress}/30`, 'dev', `${name}h`);
  ip('link', 'set', `${name}h`, 'up');
  ip('-n', name, 'addr', 'add', `${otherAddress}/30`, 'dev', `${name}n`);
  ip('-n', name, 'link', 'set', `${name}n`, 'up');
  return {
    hostAddress,
    command: ['ip', 'netns', 'exec', name, process.execPath],
    cut: () => ip('link', 'set', `${name}h`, 'down'),
    connect: () => ip('link', 'set', `${name}h`, 'up'),
  };
}
