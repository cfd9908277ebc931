"""From what was asked for to a file with its manifest."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from io import BufferedRandom, BytesIO
from pathlib import Path
from typing import Any, BinaryIO

from stotoken.client.token import Token
from stotoken.errors import ConfigError, InputError
from stotoken.files import replacing
from stotoken.ledger.events import Moved
from stotoken.ledger.reading import uncollected
from stotoken.ledger.register import Register
from stotoken.reports import certificate, difference, extras, formats, holdings, lineage, register, supply
from stotoken.reports.asked import Asked, What
from stotoken.reports.common import Matter
from stotoken.reports.grounds import Grounds, last_block
from stotoken.reports.manifest import Manifest, beside
from stotoken.reports.names import Names
from stotoken.reports.security import Security
from stotoken.reports.sheet import Sheet, Style
from stotoken.reports.told import orders_told
from stotoken.reports.view import View
from stotoken.reports.zones import Zone

_SHEETS = {
    What.REGISTER: register.register,
    What.HOLDINGS: holdings.holdings,
    What.LINEAGE: lineage.lineage,
    What.SUPPLY: supply.supply,
    What.DIFFERENCE: difference.difference,
}
#: Only these tell of orders.
_ORDERED = (What.LINEAGE, What.CERTIFICATE)


@dataclass(frozen=True, slots=True)
class Made:
    """A report that can be written in its format."""

    sheet: Sheet
    manifest: Manifest
    style: Style

    def write(self, out: BinaryIO) -> None:
        formats.write(self.sheet, self.manifest, self.style, out)

    def bytes(self) -> bytes:
        out = BytesIO()
        self.write(out)
        return out.getvalue()

    def save(self, path: Path) -> Manifest:
        """Write the report, then its manifest beside it; both are whole at any instant."""
        with _whole(path) as out:
            self.write(out)
            out.flush()
            out.seek(0)
            digest = hashlib.file_digest(out, "sha256").hexdigest()
        manifest = replace(self.manifest, report=path.name, sha256=digest)
        with replacing(beside(path), "the manifest") as text:
            text.write(manifest.to_json())
        return manifest


def make(source: Register, token: Token, asked: Asked, names: Names | None = None) -> Made:
    """What was asked for, of a register and the chain behind it."""
    extras.require(asked.format)
    names, zone = names or Names(), Zone.named(asked.zone)
    move = certificate.found(source.lineage(), asked.move) if asked.what is What.CERTIFICATE else None
    asked = _settled(source, asked, move)
    view = View(source, asked.as_of, asked.record_date)
    last = token.connection.block(move.block) if move else last_block(source, token.connection, view.as_of)
    grounds = Grounds.read(source, token.connection, last)
    orders = orders_told(token.connection, source, grounds.block) if asked.what in _ORDERED else {}
    matter = Matter(view, Security.of(token), asked, zone, names, orders)
    sheet = certificate.certificate(matter, grounds, move) if move else sheet_of(matter)
    style = Style(asked.lang, zone)
    more: dict[str, Any] = {"names_sha256": names.sha256, "made_with": extras.made_with(asked.format)}
    return Made(sheet, Manifest.of(sheet, asked, grounds, style, units=view.total, **more), style)


def sheet_of(matter: Matter) -> Sheet:
    """What was asked for, of everything it is made of."""
    with uncollected():
        return _SHEETS[matter.asked.what](matter)


def _settled(source: Register, asked: Asked, move: Moved | None) -> Asked:
    """With the instant that `now` is. A certificate is as of the second of its move."""
    if move:
        return replace(asked, as_of=move.timestamp)
    if asked.record_date is None and asked.as_of is None:
        return replace(asked, as_of=source.now)
    return asked


@contextmanager
def _whole(path: Path) -> Iterator[BufferedRandom]:
    """A file to write, which takes the place of the old one when the block has ended well."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("x+b") as file:
            yield file
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        raise ConfigError(f"{path} cannot be written: {error.strerror}; no report was written.") from None
    finally:
        temporary.unlink(missing_ok=True)


def names_of(path: Path | None) -> Names:
    """The names file, if one was given."""
    if path is None:
        return Names()
    if not path.is_file():
        raise InputError("cannot be read: there is no such file.", file=path)
    return Names.read(path)
