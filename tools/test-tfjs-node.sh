#!/usr/bin/env bash
# Run the tests of the backends and of the training example on tfjs-node, whose native library comes from TensorFlow's wheel in the Python package index.
# Where pip, a compiler, unzip or the index is missing it says so and passes: the backend is optional.
set -euo pipefail
cd "$(dirname "$0")/.."

skip() { echo "tfjs-node: not tested: $1"; exit 0; }

for command in pip unzip c++; do
  command -v "$command" >/dev/null || skip "$command is missing"
done
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
pip download -q --disable-pip-version-check --no-deps --only-binary=:all: --python-version 3.11 \
  --platform manylinux2014_x86_64 --platform manylinux_2_17_x86_64 -d "$folder" tensorflow-cpu==2.15.1 ||
  skip 'the wheel of tensorflow-cpu 2.15.1 cannot be downloaded'
tools/build-tfjs-node.sh --wheel "$folder"/tensorflow_cpu-2.15.1-*.whl
node_modules/.bin/vitest run --project backends packages/backends/test/runtimes/tfjs packages/backends/test/backends.test.ts
node_modules/.bin/vitest run --project train-retinaface
