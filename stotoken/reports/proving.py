"""Whether a report is true: the file and its manifest, the manifest and the chain, and made again to the byte."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from stotoken.chain.connection import Connection
from stotoken.client.token import Token
from stotoken.errors import InputError, NodeError, StotokenError
from stotoken.ledger.register import Register
from stotoken.reports.extras import made_with
from stotoken.reports.grounds import Grounds
from stotoken.reports.making import make
from stotoken.reports.manifest import Manifest
from stotoken.reports.names import Names
from stotoken.reports.sheet import Words


@dataclass(frozen=True, slots=True)
class Point:
    """One thing that was looked at. `found`: what is there instead, when it does not hold.

    `decides`: whether the report is not true then; otherwise it is told and no more.
    """

    key: str
    says: Words
    holds: bool
    found: str = ""
    decides: bool = True


def load(path: Path) -> tuple[Manifest, bytes]:
    """A report and its manifest; InputError when one cannot be read."""
    manifest = Manifest.load(path)
    try:
        return manifest, path.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}; nothing was proved.", file=path) from None


def of_file(manifest: Manifest, report: bytes) -> Point:
    """The file is the one that the manifest was written for."""
    digest = hashlib.sha256(report).hexdigest()
    says = Words("the file is the one of the manifest (SHA-256)", "ファイルはマニフェストどおり(SHA-256)")
    return _point("sha256", says, digest, manifest.sha256)


def of_name(manifest: Manifest, path: Path) -> Point:
    """The file has the name it was made with. The hash is what counts: a copy under another name is as true."""
    says = Words(
        "the file has the name of the manifest (a note: the hash decides)",
        "ファイル名はマニフェストどおり(参考。判定はSHA-256による)",
    )
    return replace(_point("report", says, path.name, manifest.report), decides=False)


def of_chain(manifest: Manifest, connection: Connection) -> Iterator[Point]:
    """The chain has the number and the block that the report rests on."""
    grounds = manifest.grounds
    chain = Words("the chain has the same number", "チェーンIDが同じ")
    yield _point("chain_id", chain, connection.chain_id, grounds.chain_id)
    try:
        block = connection.block(grounds.block).hash
    except NodeError as fault:
        if not fault.answered:
            raise
        block = "no such block"
    said = Words(f"block {grounds.block} is still in the chain", f"ブロック {grounds.block} は現在もチェーン上にある")
    yield _point("block_hash", said, block, grounds.block_hash)


def of_contracts(manifest: Manifest, register: Register, token: Token) -> Iterator[Point]:
    block = token.connection.block(manifest.grounds.block)
    now = Grounds.read(register, token.connection, block)
    for name, hash in manifest.grounds.code_hashes.items():
        says = Words(f"the code of the {name} is the same", f"{name} のコードが同じ")
        yield _point(f"code_hashes.{name}", says, now.code_hashes.get(name, "none"), hash)


def made_again(manifest: Manifest, report: bytes, register: Register, token: Token, names: Names) -> Iterator[Point]:
    """The same question, asked of the ledger anew, gives the same bytes."""
    same = Words("the names file is the same", "氏名ファイルが同じ")
    yield _point("names_sha256", same, names.sha256 or "none", manifest.names_sha256 or "none")
    versions = made_with(manifest.asked.format)
    with_ = Words("the programs are of the same versions", "プログラムの版が同じ")
    yield _point("made_with", with_, versions, dict(manifest.made_with))
    says = Words("made again from the ledger it is the same to the byte", "台帳から再作成して1バイトも違わない")
    try:
        anew = make(register, token, manifest.asked, names)
    except StotokenError as error:
        yield Point("bytes", says, False, str(error))
        return
    yield _bytes(says, report, anew.bytes())
    kept = {"rows": manifest.rows, "units": manifest.units, "as_of": manifest.as_of, "title": manifest.title}
    found = {name: getattr(anew.manifest, name) for name in kept}
    figures = Words("rows, units and instant are those of the manifest", "件数・口数・時点はマニフェストどおり")
    yield _point("figures", figures, found, kept)
    rests = Words("it rests on the same block and contracts", "同じブロックとコントラクトに基づく")
    yield _point("grounds", rests, anew.manifest.grounds, manifest.grounds)


def _bytes(says: Words, report: bytes, anew: bytes) -> Point:
    if report == anew:
        return Point("bytes", says, True)
    pairs = zip(report, anew, strict=False)
    first = next((place for place, (one, other) in enumerate(pairs) if one != other), min(len(report), len(anew)))
    line = report[:first].count(b"\n") + 1
    lengths = f"{len(report)} and {len(anew)} bytes"
    return Point("bytes", says, False, f"the first difference is at byte {first}, line {line}; {lengths}")


def _point(key: str, says: Words, found: object, wanted: object) -> Point:
    return Point(key, says, found == wanted, "" if found == wanted else f"{_told(found)}, not {_told(wanted)}")


def _told(value: object) -> str:
    if isinstance(value, dict):
        return ", ".join(f"{name} {each}" for name, each in value.items())
    if isinstance(value, Grounds):
        return f"block {value.block} {value.block_hash}"
    return str(value)
