#!/usr/bin/env bash
# Build the native addon of @tensorflow/tfjs-node against a TensorFlow library that is already here, for networks that
# block the host from which its installer downloads.
#
#   tools/build-tfjs-node.sh --wheel tensorflow_cpu-2.15.1-....whl    a Python wheel: pip download --no-deps tensorflow-cpu==2.15.1
#   tools/build-tfjs-node.sh --tensorflow DIR                         an unpacked wheel's or an installed Python package's
#                                                                     "tensorflow" folder, or an unpacked libtensorflow archive
#   --node-headers DIR    the folder with node_api.h; default: include/node beside the running node
#
# The wheel carries the C API (libtensorflow_cc.so.2, libtensorflow_framework.so.2) and its headers, which is all that
# the addon links to. It was written against TensorFlow 2.9; later C APIs are backward compatible (2.15.1 is tested).
# Needs: npm, a C++17 compiler ($CXX, default c++), and unzip for --wheel. Downloads @tensorflow/tfjs-node from the
# package registry without running its installer, unless it is installed already. Writes to node_modules only.
set -euo pipefail

version=4.22.0
root=$(cd "$(dirname "$0")/.." && pwd)
package="$root/node_modules/@tensorflow/tfjs-node"
wheel='' tensorflow='' headers=''

fail() { echo "build-tfjs-node: $1" >&2; exit "${2:-2}"; }
usage() { sed -n '2,15s/^# \{0,1\}//p' "$0"; }

while [ $# -gt 0 ]; do
  case $1 in
    --wheel) wheel=${2:?--wheel needs a file}; shift 2 ;;
    --tensorflow) tensorflow=${2:?--tensorflow needs a folder}; shift 2 ;;
    --node-headers) headers=${2:?--node-headers needs a folder}; shift 2 ;;
    --help | -h) usage; exit 0 ;;
    *) usage >&2; fail "unknown argument $1" ;;
  esac
done
[ -n "$wheel$tensorflow" ] || { usage >&2; fail 'pass --wheel FILE or --tensorflow DIR'; }

headers=${headers:-$(node -p 'require("path").join(process.execPath, "../../include/node")')}
[ -f "$headers/node_api.h" ] || fail "$headers/node_api.h is missing; pass --node-headers DIR (npm package node-api-headers has them in include/)" 3

if [ ! -f "$package/package.json" ]; then
  echo "installing @tensorflow/tfjs-node@$version without its installer"
  (cd "$root" && npm install --no-save --ignore-scripts --no-audit --no-fund "@tensorflow/tfjs-node@$version")
fi

if [ -n "$wheel" ]; then
  [ -f "$wheel" ] || fail "$wheel: no such file"
  tensorflow="$package/deps/tensorflow"
  if [ ! -f "$tensorflow/libtensorflow_cc.so.2" ]; then
    echo "unpacking $wheel"
    mkdir -p "$package/deps"
    unzip -qo "$wheel" 'tensorflow/include/tensorflow/c/*' 'tensorflow/include/tensorflow/core/platform/*' \
      'tensorflow/include/tsl/*' 'tensorflow/libtensorflow_*' -d "$package/deps" ||
      fail "$wheel: not a Linux wheel of TensorFlow with its C API (tensorflow or tensorflow-cpu, 2.9 to 2.15 are known to have it)"
  fi
fi
tensorflow=$(cd "$tensorflow" 2>/dev/null && pwd) || fail "--tensorflow: no such folder"

# A Python package keeps its libraries at the top, an archive of the C library in lib/.
libraries=()
for name in libtensorflow_cc.so.2 libtensorflow.so.2 libtensorflow_framework.so.2; do
  for folder in "$tensorflow" "$tensorflow/lib"; do
    [ -f "$folder/$name" ] && libraries+=("$folder/$name") && break
  done
done
[ ${#libraries[@]} -ge 2 ] || fail "$tensorflow: expected libtensorflow_cc.so.2 or libtensorflow.so.2, and libtensorflow_framework.so.2"
[ -f "$tensorflow/include/tensorflow/c/c_api.h" ] || fail "$tensorflow/include/tensorflow/c/c_api.h is missing"

echo "compiling against $tensorflow"
build="$package/lib/napi-v8"
mkdir -p "$build"
"${CXX:-c++}" -std=c++17 -O2 -shared -fPIC -DNAPI_VERSION=8 -I "$package" -I "$tensorflow/include" -I "$headers" \
  "$package/binding/tfjs_backend.cc" "$package/binding/tfjs_binding.cc" \
  "${libraries[@]}" "-Wl,-rpath,$(dirname "${libraries[0]}")" -o "$build/tfjs_binding.node"

# The package looks for the addon of the newest Node-API version that it and node both know.
TF_CPP_MIN_LOG_LEVEL=2 node -e '
  const tf = require(process.argv[1]);
  const sum = tf.ones([2, 3]).sum().dataSync()[0];
  if (tf.getBackend() !== "tensorflow" || sum !== 6) throw new Error(`backend ${tf.getBackend()}, sum ${sum}`);
  console.log(`ok: @tensorflow/tfjs-node ${tf.version["tfjs-node"]} runs on node ${process.version}`);
' "$package"
