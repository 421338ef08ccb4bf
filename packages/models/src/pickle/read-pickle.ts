import type { ByteReader } from './byte-reader.js';
import type { PickleDialect } from './pickle-dialect.js';
import { PickleMachine } from './pickle-machine.js';
import { pickleOperations } from './pickle-operations.js';
import type { PickleValue } from './pickle-value.js';

const stop = 0x2e;

/**
 * Interpret a pickle without running anything: it is code for a stack machine, of which the operations that data need are read. Nothing
 * that the stream names is ever looked up, imported or called; a dialect says what the few names mean that its files need.
 *
 * @param input read from its position to just past the STOP operation.
 * @returns the value that the stream describes.
 * @throws the dialect's error, with byte and operation, if an operation or a name is not one of its own, or the stream is malformed;
 * the input's if it ends early.
 * Cost: O(bytes of the stream), in time and in memory.
 * Source: Python's Lib/pickletools.py, which defines each operation.
 */
export function readPickle<Own extends object>(input: ByteReader, dialect: PickleDialect<Own>): PickleValue<Own> {
  const machine = new PickleMachine(input, dialect);
  for (;;) {
    const start = input.position;
    const code = input.uint8();
    if (code === stop) {
      machine.begin(start, 'STOP');
      return machine.pop();
    }
    const operation = pickleOperations.get(code);
    machine.begin(start, operation?.name ?? '');
    if (operation === undefined || !dialect.operations.has(operation.name)) throw dialect.refused(code, machine.point);
    operation.run(machine);
  }
}
