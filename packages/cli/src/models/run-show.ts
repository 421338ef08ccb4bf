import { defaultModelFolders, knownModels, loadModelCard, unknownModel } from '@retinabench/models/node';
import { type OutputFlags, outputOf } from '../terminal/flags.js';
import { printNote, printResult } from '../terminal/output.js';

/** The action of `retinabench models show`. */
export async function runShow(id: string, flags: OutputFlags): Promise<void> {
  if (/\.(onnx|tflite)$/i.test(id)) return showFile(id, flags);
  const folders = defaultModelFolders();
  const model = (await knownModels(folders)).find((known) => known.id === id);
  if (model === undefined) throw await unknownModel(id, folders);
  const json = JSON.stringify(model.card, null, 2);
  if (flags.json) process.stdout.write(`${json}\n`);
  else printResult(outputOf(flags), json);
  if (!flags.quiet && model.card.sha256 === undefined) {
    printNote('note: sha256 and parameters are known once the model is built or imported');
  }
}

/** The card beside a model file, held against the file. */
async function showFile(file: string, flags: OutputFlags): Promise<void> {
  const { card, warnings } = await loadModelCard(file);
  const json = JSON.stringify(card, null, 2);
  if (flags.json) process.stdout.write(`${json}\n`);
  else printResult(outputOf(flags), json);
  for (const warning of warnings) printNote(`warning: ${warning}`);
}
