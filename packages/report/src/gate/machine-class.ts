/**
 * The class of a record's machine, as text: processor, cores and platform. Two of the same class run the same code at
 * the same speed, in principle; kernel and Node versions may differ.
 *
 * @param environment as in a record; `os` is platform, release and architecture.
 */
export function machineClass({ cpu, cores, os }: { cpu: string; cores: number; os: string }): string {
  return `${cpu}, ${cores} cores, ${platformOf(os)}`;
}

/** Platform and architecture of what a record says of the system: `linux 6.1.0 x64` is `linux x64`. */
export function platformOf(os: string): string {
  const words = os.split(' ');
  return words.length > 2 ? `${words[0]} ${words.at(-1)}` : os;
}
