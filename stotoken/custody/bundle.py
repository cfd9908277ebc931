"""A reconciliation for an auditor: registers, breaks and totals in both languages, and a manifest of their hashes.

The customer ledger itself is not in it, only its SHA-256: it can be shown to be the one that was compared.
"""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path

import stotoken
from stotoken.custody.book import Book
from stotoken.custody.reconcile import Break, Reconciled, Total
from stotoken.errors import ConfigError
from stotoken.files import dump_json
from stotoken.reports.asked import Asked, By, What
from stotoken.reports.making import make
from stotoken.types import format_jst

MANIFEST = "manifest.json"
#: What a zip says of the time of its parts: nothing, so that the same bundle is the same bytes.
_NEVER = (1980, 1, 1, 0, 0, 0)

_BREAKS = {
    "en": ("kind", "wallet", "token", "partition", "customer ledger", "chain", "what"),
    "ja": ("種別", "ウォレット", "トークン", "パーティション", "顧客帳簿", "チェーン", "内容"),
}
_TOTALS = {
    "en": ("token", "identifier", "customer ledger", "customers' wallets", "own wallets", "difference"),
    "ja": ("トークン", "識別子", "顧客帳簿", "顧客ウォレット", "自己ウォレット", "差異"),
}


def files_of(found: Reconciled, book: Book, ledger: Path) -> dict[str, bytes]:
    """Every file of the bundle by its name, the manifest last."""
    files: dict[str, bytes] = {}
    for lang in ("ja", "en"):
        files[f"breaks.{lang}.csv"] = _csv(_BREAKS[lang], (_break_row(each, lang) for each in found.breaks))
        files[f"totals.{lang}.csv"] = _csv(_TOTALS[lang], map(_total_row, found.totals))
        for identifier, token, register in found.registers:
            asked = Asked(what=What.REGISTER, by=By.WALLET, lang=lang)
            files[f"register-{identifier}.{lang}.csv"] = make(register, token, asked).bytes()
    return files | {MANIFEST: dump_json(_manifest(found, book, ledger, files)).encode()}


def write_bundle(target: Path, files: Mapping[str, bytes]) -> None:
    """As a zip when the name ends so, else as a folder that must be new; ConfigError when it cannot be written."""
    try:
        if target.suffix == ".zip":
            with zipfile.ZipFile(target, "x", zipfile.ZIP_DEFLATED) as bundle:
                for name, content in files.items():
                    bundle.writestr(zipfile.ZipInfo(name, _NEVER), content)
            return
        target.mkdir(parents=True)
        for name, content in files.items():
            (target / name).write_bytes(content)
    except OSError as error:
        raise ConfigError(f"{target} cannot be written: {error.strerror}; no bundle was made.") from None


def _manifest(found: Reconciled, book: Book, ledger: Path, files: Mapping[str, bytes]) -> dict[str, object]:
    return {
        "what": {
            "en": "Reconciliation of customers' units with the chain, and their segregation from the firm's own",
            "ja": "顧客分の口数とチェーンの照合、および自己分との分別管理の確認",
        },
        "version": stotoken.__version__,
        "chain_id": found.chain_id,
        "block": found.block.number,
        "block_hash": found.block.hash,
        "as_of": format_jst(found.block.timestamp),
        "customer_ledger": {"rows": found.rows, "sha256": _hash(ledger.read_bytes())},
        "custody_file": {"wallets": len(book.wallets), "sha256": _hash(Path(book.name).read_bytes())},
        "breaks": len(found.breaks),
        "files": {name: _hash(content) for name, content in files.items()},
    }


def _hash(content: bytes) -> str:
    return sha256(content).hexdigest()


def _break_row(each: Break, lang: str) -> tuple[object, ...]:
    units = (each.ledger, each.chain) if each.kind == "units" else ("", "")
    return (each.kind, each.wallet, each.token, each.partition, *units, each.ja if lang == "ja" else each.en)


def _total_row(each: Total) -> tuple[object, ...]:
    return (each.token, each.identifier, each.ledger, each.customers, each.own, each.customers - each.ledger)


def _csv(heading: Iterable[object], rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(heading)
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
