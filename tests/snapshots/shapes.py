"""What deployed contracts look like from outside, as the artifacts have it: sizes, selectors, a token's storage.

`python tests/snapshots/shapes.py` renews the snapshots; their differences are reviewed like code.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from stotoken.artifacts import PARTS, load
from stotoken.deploy.plan import CREATED

HERE = Path(__file__).parent
TOKEN = ("SecurityToken", *PARTS["SecurityToken"])


def sizes() -> dict[str, int]:
    """Bytes of runtime code of every contract that a deployment creates."""
    return {name: len(load(name).deployed_bytecode) // 2 for name in sorted(CREATED)}


def abi() -> dict[str, dict[str, str]]:
    """Signature to selector, contract by contract."""
    return {name: dict(sorted(load(name).method_identifiers.items())) for name in sorted(CREATED)}


def storage() -> dict[str, Any]:
    """The state that all parts of a token share, with its structs, and what each part has behind it."""
    state = variables("TokenState")
    types = load("TokenState").storage_layout["types"]
    structs = {kind["label"]: _shown(kind["members"], types) for kind in types.values() if "members" in kind}
    return {
        "TokenState": state,
        **dict(sorted(structs.items())),
        **{f"{part}, behind TokenState": variables(part)[len(state) :] for part in TOKEN},
    }


def variables(contract: str) -> list[str]:
    """`slot+offset: type name` of each state variable."""
    layout = load(contract).storage_layout
    return _shown(layout["storage"], layout["types"])


def _shown(entries: list[dict[str, Any]], types: dict[str, Any]) -> list[str]:
    return [f"{e['slot']}+{e['offset']}: {types[e['type']]['label']} {e['label']}" for e in entries]


SHAPES: dict[str, Callable[[], dict[str, Any]]] = {"sizes": sizes, "abi": abi, "storage": storage}


def snapshot(name: str) -> Any:
    return json.loads((HERE / f"{name}.json").read_text("utf-8"))


def main() -> None:
    for name, shape in SHAPES.items():
        (HERE / f"{name}.json").write_text(json.dumps(shape(), indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
