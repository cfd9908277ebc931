#!/usr/bin/env bash
# Brownie with the project's own compiler and nodes, in a home of its own that is removed at the end.
#   scripts/brownie.sh                  compile, check, test on Anvil and on Ganache, deploy
#   scripts/brownie.sh COMMAND [ARG…]   one command of Brownie's: console, test -k split, run deploy, …
# Networks are anvil, taken unless `--network` names the other one, and ganache-cli.
# BROWNIE names the folder of Brownie's environment, .venv-brownie/bin unless given.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")/.."
root="$PWD"
bin="$(cd "${BROWNIE:-.venv-brownie/bin}" && pwd)"

home="$(mktemp -d)"
trap 'rm -rf "$home"' EXIT

# py-solc-x looks for compilers here by this name; bin/solc checks that it is that version.
version="$(node -p "require('./package.json').dependencies.solc")"
mkdir -p "$home/solcx" "$home/.brownie"
ln -s "$root/bin/solc" "$home/solcx/solc-v$version"

# Brownie knows nodes by its home; ports are free ones, so that it never attaches to somebody else's node.
"$bin/python" scripts/brownie_networks.py >"$home/.brownie/network-config.yaml"

export HOME="$home" SOLCX_BINARY_PATH="$home/solcx" PATH="$root/node_modules/.bin:$bin:$PATH"

if [ $# -gt 0 ]; then
  "$bin/brownie" "$@"
  exit
fi

# From nothing: an artifact of an earlier run must not stand in for a contract that Brownie drops now.
rm -rf build/contracts build/interfaces
"$bin/brownie" compile
"$bin/python" scripts/check_brownie_artifacts.py
for network in anvil ganache-cli; do
  "$bin/brownie" test --network "$network"
done
"$bin/brownie" run scripts/deploy.py --network anvil
