"""`verify`: a true report is proved point by point, and whatever is not true is named."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from desk import Desk
from world import DAY

from stotoken.errors import InputError
from stotoken.reports import proving
from stotoken.reports.asked import Format, What
from stotoken.reports.making import Made
from stotoken.reports.manifest import Manifest, beside
from stotoken.reports.names import Names


@pytest.fixture
def undone(desk: Desk) -> Iterator[Desk]:
    """What the test does to the chain is taken back."""
    mark = desk.world.node.snapshot()
    yield desk
    desk.world.node.revert(mark)


def differing(desk: Desk, path: Path, names: Path | None = None) -> dict[str, str]:
    """The points that do not hold, each with what is there instead."""
    manifest, report = proving.load(path)
    points = [proving.of_file(manifest, report), *proving.of_chain(manifest, desk.world.connection)]
    if all(point.holds for point in points[1:]):
        register = desk.read()
        points += proving.of_contracts(manifest, register, desk.token)
        known = Names.read(names) if names else Names()
        points += proving.made_again(manifest, report, register, desk.token, known)
    return {point.key: point.found for point in points if not point.holds}


def change(path: Path, alter: Callable[[dict[str, Any]], object]) -> None:
    """The manifest, with something in it altered."""
    told = json.loads(beside(path).read_text("utf-8"))
    alter(told)
    beside(path).write_text(json.dumps(told), "utf-8")


def saved(made: Made, path: Path) -> Path:
    made.save(path)
    return path


@pytest.mark.parametrize(
    ("what", "format"),
    [
        (What.REGISTER, Format.CSV), (What.REGISTER, Format.PDF), (What.HOLDINGS, Format.XLSX),
        (What.LINEAGE, Format.JSON), (What.SUPPLY, Format.SVG), (What.DIFFERENCE, Format.TXT),
        (What.CERTIFICATE, Format.PDF),
    ],
)  # fmt: skip
def test_a_report_is_proved_also_when_the_chain_has_gone_on(
    undone: Desk, what: What, format: Format, tmp_path: Path
) -> None:
    named = what not in (What.LINEAGE, What.SUPPLY)
    path = saved(undone.made(what, format), tmp_path / f"{what}.{format}")
    undone.world.travel(DAY)
    undone.world.issue(undone.token, "carol", 77)
    undone.world.order(undone.token.split(5))
    assert differing(undone, path, undone.names if named else None) == {}


def test_another_name_of_the_file_is_told_and_decides_nothing(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    manifest, _ = proving.load(path)
    assert proving.of_name(manifest, path).holds
    point = proving.of_name(manifest, tmp_path / "total.csv")
    assert (point.holds, point.decides, point.found) == (False, False, "total.csv, not supply.csv")
    assert proving.of_file(manifest, b"").decides


def test_a_file_that_was_changed_is_named_with_its_first_difference(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    text = path.read_bytes()
    path.write_bytes(text.replace(b"2200", b"2201", 1))
    found = differing(desk, path)
    assert found.keys() == {"sha256", "bytes"}
    place = text.index(b"2200") + 3
    assert found["bytes"].startswith(f"the first difference is at byte {place}, line ")


def test_a_changed_file_whose_manifest_was_changed_with_it_is_found_by_the_chain(desk: Desk, tmp_path: Path) -> None:
    import hashlib

    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    path.write_bytes(path.read_bytes().replace(b"2200", b"9900"))
    change(path, lambda told: told.update(sha256=hashlib.sha256(path.read_bytes()).hexdigest(), units=9_900))
    assert differing(desk, path).keys() == {"bytes", "figures"}


def test_another_code_under_an_address_is_named(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    change(path, lambda told: told["code_hashes"].update(token=f"0x{'7' * 64}"))
    found = differing(desk, path)
    assert found.keys() == {"code_hashes.token", "grounds"}
    assert found["code_hashes.token"].endswith(f"not 0x{'7' * 64}")


def test_another_chain_another_block_and_another_contract_are_named(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    block, hash = (getattr(Manifest.load(path).grounds, name) for name in ("block", "block_hash"))
    change(path, lambda told: told.update(chain_id=1))
    assert differing(desk, path) == {"chain_id": "31337, not 1"}
    change(path, lambda told: told.update(chain_id=31337, block_hash=f"0x{'7' * 64}"))
    assert differing(desk, path).keys() == {"block_hash"}
    change(path, lambda told: told.update(block=10**9))
    assert differing(desk, path)["block_hash"].startswith("no such block, not 0x7777")
    change(path, lambda told: told.update(block=block, block_hash=hash))
    change(path, lambda told: told["contracts"].update(system=f"0x{'7' * 40}"))
    assert differing(desk, path).keys() == {"grounds"}


def test_a_block_that_was_reorganised_away_is_named(desk: Desk, tmp_path: Path) -> None:
    mark = desk.world.node.snapshot()
    desk.world.issue(desk.token, "carol", 5)
    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    desk.world.node.revert(mark)
    assert differing(desk, path)["block_hash"].startswith("no such block, not 0x")


def test_a_missing_or_another_names_file_is_named(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.REGISTER), tmp_path / "register.csv")
    assert differing(desk, path, desk.names) == {}
    found = differing(desk, path)
    assert found.keys() == {"names_sha256", "bytes", "figures"}
    assert found["names_sha256"].startswith("none, not ")


def test_other_versions_of_the_programs_are_named(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.SUPPLY, Format.XLSX), tmp_path / "supply.xlsx")
    change(path, lambda told: told["made_with"].update(xlsxwriter="0.1"))
    assert "xlsxwriter 0.1" in differing(desk, path)["made_with"]


def test_a_question_that_cannot_be_asked_anew_is_a_difference_with_its_sentence(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.REGISTER, named=False), tmp_path / "register.csv")
    change(path, lambda told: told["asked"].update(layout="poem"))
    assert "is not a layout" in differing(desk, path)["bytes"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "cannot be read: No such file"),
        ("{", "is not a manifest of this version"),
        ("[]", "is not a manifest of this version"),
        ('{"format": 1}', "is not a manifest of this version"),
        ('{"format": 2, "asked": {"what": "register"}}', "is not a manifest of this version"),
    ],
)
def test_a_manifest_that_is_none_proves_nothing(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "report.csv"
    if text is not None:
        beside(path).write_text(text, "utf-8")
    with pytest.raises(InputError, match=said):
        Manifest.load(path)


def test_a_report_without_its_file_proves_nothing(desk: Desk, tmp_path: Path) -> None:
    path = saved(desk.made(What.SUPPLY), tmp_path / "supply.csv")
    path.unlink()
    with pytest.raises(InputError, match="nothing was proved"):
        proving.load(path)
