/**
 * Names of folders for what several detectors give of the same images: the name of each, with a hyphen for what no file name
 * should hold, and a number behind it where two would be one.
 *
 * @param names of the detectors, as nameCell gives them: `yunet-n`, `models/ours.onnx / long:640`.
 */
export function detectorFolders(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replace(/[^\p{L}\p{N}._+]+/gu, '-').replace(/^[-.]+|[-.]+$/g, '') || 'detector';
    let folder = plain;
    // File systems that ignore capitals hold one folder of the two.
    for (let number = 2; taken.has(folder.toLowerCase()); number++) folder = `${plain}-${number}`;
    taken.add(folder.toLowerCase());
    return folder;
  });
}
