/**
 * Whether the place of a tensor's external data, as a model from anyone names it, stays in the folder of the .onnx: it is relative, with `/`
 * alone, and has no `..`. Links are the reader's to follow.
 */
export function staysInFolder(location: string): boolean {
  return !/^[/\\]|^[a-z]:|\\|\0/i.test(location) && !location.split('/').includes('..');
}
