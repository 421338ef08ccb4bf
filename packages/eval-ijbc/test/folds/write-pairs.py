"""Write pairs as the field's .bin files hold them: (list of encoded images, list of booleans), by Python's own pickle.

    python3 write-pairs.py FOLDER PAIRS PER_FOLD PROTOCOL...

NumPy is not needed: classes of its names reduce as its own do (NumPy 1.26 and 2.1, __reduce__ of dtype, bool_ and ndarray).
"""
import os
import pickle
import sys
import types

folder, pairs, per_fold, protocols = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), list(map(int, sys.argv[4:]))


def image(index):
    """Bytes of every value and of lengths around those at which pickle changes its operation."""
    length = (3, 255, 256, 300)[index % 4]
    return bytes((index * 7 + at) % 256 for at in range(length))


images = [image(index) for index in range(2 * pairs)]
same = [pair % per_fold < per_fold // 2 for pair in range(pairs)]


def write(name, value, protocol):
    with open(os.path.join(folder, name), 'wb') as file:
        pickle.dump(value, file, protocol=protocol)


for protocol in protocols:
    write(f'python3-protocol{protocol}.bin', (images, same), protocol)


def numpy_of(core):
    modules = {name: types.ModuleType(name) for name in ('numpy', core, f'{core}.multiarray', f'{core}.numeric')}
    sys.modules.update(modules)

    def named(module, name, value):
        value.__module__, value.__qualname__, value.__name__ = module, name, name
        setattr(modules[module], name, value)
        return value

    scalar = named(f'{core}.multiarray', 'scalar', lambda *_: None)
    reconstruct = named(f'{core}.multiarray', '_reconstruct', lambda *_: None)
    frombuffer = named(f'{core}.numeric', '_frombuffer', lambda *_: None)

    class DType:
        def __init__(self, code, *_):
            self.code = code

        def __reduce__(self):
            return named('numpy', 'dtype', DType), (self.code, False, True), (3, '|', None, None, None, -1, -1, 0)

        def __setstate__(self, state):
            pass

    boolean, byte = DType('b1'), DType('u1')

    class Bool:
        def __init__(self, value):
            self.value = value

        def __reduce__(self):
            return scalar, (boolean, b'\x01' if self.value else b'\x00')

    class Array:
        def __init__(self, dtype, content):
            self.dtype, self.content = dtype, content

        def __reduce_ex__(self, protocol):
            if protocol >= 5:
                return frombuffer, (bytearray(self.content), self.dtype, (len(self.content),), 'C')
            state = (1, (len(self.content),), self.dtype, False, self.content)
            return reconstruct, (named('numpy', 'ndarray', Array), (0,), b'b'), state

        def __setstate__(self, state):
            pass

    return Bool, lambda values: Array(boolean, bytes(values)), lambda content: Array(byte, content)


for version, core in (('1', 'numpy.core'), ('2', 'numpy._core')):
    Bool, booleans, octets = numpy_of(core)
    for protocol in protocols:
        if protocol < 2:
            continue
        write(f'numpy{version}-list-protocol{protocol}.bin', (images, [Bool(value) for value in same]), protocol)
        write(f'numpy{version}-array-protocol{protocol}.bin', ([octets(one) for one in images], booleans(same)), protocol)
