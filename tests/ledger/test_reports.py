"""The holder register as a file: the same question gives the same bytes, and the manifest proves it."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest
from story import ALICE, BOB, CAROL, DEFAULT, TOKEN, Story

from stotoken.errors import InputError, LedgerStale
from stotoken.ledger.events import FrozenByPartition
from stotoken.ledger.register import Register
from stotoken.ledger.report import COLUMNS, holder_register, share, write_holder_register
from stotoken.types import partition_id


@pytest.fixture
def register() -> Register:
    """A record date (epoch 1) at second 1020, then a split."""
    story = Story().block(1000)
    for number, wallet in enumerate((ALICE, BOB, CAROL), 1):
        story.stand(wallet, number)
        story.issue(wallet, number)
    story.tell(FrozenByPartition, partition=DEFAULT, account=CAROL, units=1)
    story.lock(CAROL, 1, 9000)
    story.block(1010).record_date(start=1020)
    story.block(1030).split(2)
    story.redeem(BOB, 4)
    return story.close()


def rows(report: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(report.decode("utf-8-sig"), newline="")))


def test_the_report_opens_in_a_spreadsheet_in_japanese(register: Register) -> None:
    report = holder_register(register)
    assert report.startswith(b"\xef\xbb\xbf")
    assert report.count(b"\r\n") == report.count(b"\n") == 3
    assert rows(report)[0] == [japanese for _, japanese in COLUMNS.values()]


def test_the_report_at_a_record_date_is_in_units_of_that_date(register: Register) -> None:
    heading, *body = rows(holder_register(register, record_date=1, lang="en"))
    assert heading == [english for english, _ in COLUMNS.values()]
    assert body == [
        [f"0x{1:032x}", ALICE, "default", "1", "16.6666666667", "0", "0", "0", "1"],
        [f"0x{2:032x}", BOB, "default", "2", "33.3333333333", "0", "0", "0", "2"],
        [f"0x{3:032x}", CAROL, "default", "3", "50.0000000000", "1", "1", "0", "1"],
    ]


def test_the_report_now_lists_who_still_holds(register: Register) -> None:
    body = rows(holder_register(register))[1:]
    assert [row[1:5] for row in body] == [
        [ALICE, "default", "2", "25.0000000000"],
        [CAROL, "default", "6", "75.0000000000"],
    ]


def test_a_report_is_of_one_moment_and_one_language(register: Register) -> None:
    with pytest.raises(InputError, match="not of both"):
        holder_register(register, as_of=1000, record_date=1)
    with pytest.raises(InputError, match="'fr' is not one of en, ja"):
        holder_register(register, lang="fr")


def test_shares_are_exact_to_ten_places_at_any_size() -> None:
    assert share(1, 3) == Decimal("33.3333333333")
    assert share(2, 3) == Decimal("66.6666666667")
    assert share(2**94, 2**94) == 100
    assert share(1, 2**94) == 0
    assert share(0, 0) == 0
    assert f"{share(1, 10**9):f}" == "0.0000001000"


def test_a_partition_that_looks_like_a_formula_is_written_in_hexadecimal() -> None:
    story = Story().block(1000)
    story.issue(ALICE, 1, partition_id("=1+1"))
    assert rows(holder_register(story.close()))[1][2].startswith("0x3d312b31")


def test_the_manifest_proves_the_report(register: Register, tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    manifest = write_holder_register(path, register, record_date=1)
    written = json.loads((tmp_path / "register.csv.manifest.json").read_text("utf-8"))
    assert written["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest() == manifest.sha256
    assert (written["chain_id"], written["token"]) == (31337, TOKEN)
    assert (written["block"], written["block_hash"]) == (3, f"0x{3:064x}")
    assert (written["record_date"], written["as_of"]) == (1, "1970-01-01T09:17:00+09:00")
    assert (written["rows"], written["units"]) == (3, 6)


def test_the_report_of_an_instant_stays_the_same_when_the_chain_goes_on(tmp_path: Path) -> None:
    story = Story().block(1000)
    story.issue(ALICE, 10)
    story.block(1010)
    before = write_holder_register(tmp_path / "register.csv", story.close(), as_of=1005)
    story.block(1020).split(2)
    story.move(ALICE, BOB, 5)
    after = write_holder_register(tmp_path / "register.csv", story.close(), as_of=1005)
    assert before.sha256 == after.sha256
    assert before.block != after.block


def test_nothing_is_written_of_a_register_that_has_read_nothing(tmp_path: Path) -> None:
    with pytest.raises(LedgerStale):
        write_holder_register(tmp_path / "register.csv", Story().register)
    assert list(tmp_path.iterdir()) == []
