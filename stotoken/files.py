"""Files of the package's own making: JSON that cannot hurt, and files that are whole at any instant."""

from __future__ import annotations

import io
import json
import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from stotoken.errors import ConfigError

_MAX_CHARACTERS, _MAX_DEPTH = 4 * 1024 * 1024, 32
_TOKENS = re.compile(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', re.DOTALL)


def parse_json(text: str) -> Any:
    """The value of a JSON text; ValueError when it is none, or so long or so deeply nested as none of ours is."""
    if len(text) > _MAX_CHARACTERS:
        raise ValueError(f"it is longer than {_MAX_CHARACTERS} characters")
    depth = 0
    for token in _TOKENS.finditer(text):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth > _MAX_DEPTH:
            raise ValueError(f"it is nested more than {_MAX_DEPTH} deep")
    return json.loads(text)


def dump_json(value: object) -> str:
    """As a file of ours has it: for people too, and ended by a line's end."""
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"


@contextmanager
def replacing(path: Path, what: str = "") -> Iterator[io.StringIO]:
    """A text to write, which takes the place of the old file, whole and on disk, when the block has ended well.

    ConfigError, before the block is run, when nothing can be written there. `what` the file is, for that sentence.
    """
    text, temporary = io.StringIO(), path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with _told(path, what):
            if path.exists() and not path.is_file():
                raise OSError(0, "it is not a file")
            temporary.touch(exist_ok=False)
        yield text
        with _told(path, what):
            with temporary.open("w", encoding="utf-8") as file:
                file.write(text.getvalue())
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        named = f"{what} {path}" if what else path
        raise ConfigError(f"{named} cannot be written: {error.strerror}; nothing was changed.") from None


def sync_folder(folder: Path) -> None:
    """A file that was made or renamed in the folder is there after a crash too."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
