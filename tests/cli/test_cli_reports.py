"""The reports by commands: to the screen, to files, and proved."""

from __future__ import annotations

import csv
import json
import re
import shlex
from pathlib import Path

import pytest
from cli_shell import Shell
from world import DAY, World, investor_of

from stotoken.client.token import Token
from stotoken.types import Basis, format_jst, parse_instant

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def token(world: World) -> Token:
    """Alice holds 170, Bob 40; 10 went by a forced transfer."""
    made = world.new_token()
    world.issue(made, "alice", 180)
    world.travel(DAY)
    world.token(made.address, "alice").transfer(world.people.bob.address, 30)
    force = made.force_by_partition("default", world.people.alice.address, world.people.bob.address, 10, Basis.TAX)
    world.order(force)
    world.travel(DAY)
    return made


@pytest.fixture
def names(shell: Shell) -> Path:
    lines = ["investor_id,name,address,units,acquired"]
    for name, letter in (("alice", "A"), ("bob", "B")):
        lines.append(f"{investor_of(shell.address(name)).hex()},投資者{letter},東京都架空区,,")
    return shell.file("names.csv", "\n".join([*lines, ",投資者Z,大阪府架空市,120,2025-04-01", ""]))


def move_of(shell: Shell, token: Token, kind: str) -> str:
    rows = shell.json("ledger", "lineage", token.address)["tables"]["lineage"]["rows"]
    row = next(row for row in rows if kind in row["kind"])
    return f"{row['tx_hash']}:{row['log_index']}"


def test_every_question_is_answered_on_the_screen_in_both_languages_and_in_json(shell: Shell, token: Token) -> None:
    since = format_jst(shell.world.now - DAY - 100)
    for words in (
        ("register", token.address),
        ("holdings", token.address),
        ("lineage", token.address),
        ("supply", token.address),
        ("diff", token.address, "--since", since),
        ("certificate", token.address, move_of(shell, token, "forced transfer")),
    ):
        english, japanese = (shell.text("ledger", *words, "--lang", lang) for lang in ("en", "ja"))
        assert "Security" in english
        assert "銘柄" in japanese
        assert shell.json("ledger", *words)["facts"]["name"] == f"{token.name()} ({token.symbol()})"


def test_a_day_an_instant_and_a_zone_name_the_moment(shell: Shell, token: Token) -> None:
    register = shell.json("ledger", "supply", token.address)["facts"]["as_of"]
    words = ("ledger", "supply", token.address, "--as-of")
    assert shell.json(*words, register)["facts"]["as_of"] == register
    local = register[:-6]
    assert shell.json(*words, local)["facts"]["as_of"] == register
    paris = shell.json(*words, register, "--zone", "Europe/Paris")["facts"]
    assert (paris["zone"], paris["as_of"] == register) == ("Europe/Paris", False)
    day = shell.json(*words, "2000-01-01")["facts"]
    assert (day["as_of"], day["issued"]) == ("2000-01-01T23:59:59+09:00", 0)
    assert "lies after it" in shell.refused(20, *words, "2090-01-01")
    assert "--as-of: '2090-02-30' is not a day" in shell.refused(2, *words, "2090-02-30")
    assert "not a time zone" in shell.refused(2, *words, register, "--zone", "Asia/Edo")


@pytest.mark.parametrize("ending", ["csv", "json", "txt", "xlsx", "pdf", "svg", "png"])
def test_a_file_is_written_with_its_manifest_and_proved(
    shell: Shell, token: Token, names: Path, tmp_path: Path, ending: str
) -> None:
    path = tmp_path / f"register.{ending}"
    words = ("ledger", "register", token.address, "--out", path, "--names", names, "--issuer", "架空信託銀行株式会社")
    told = shell.json(*words)
    assert (told["report"], told["units"], told["rows"]) == (path.name, 180, 5)
    proved = shell.json("ledger", "verify", path, "--names", names)
    assert proved["proved"] is True
    path.write_bytes(path.read_bytes() + b" ")
    refuted = shell.run("ledger", "verify", path, "--names", names)
    assert refuted.exit_code == 1
    assert "register" in refuted.stdout
    assert "NOT proved: 2 points differ" in refuted.stdout
    assert "証明できません" in shell.run("ledger", "verify", path, "--names", names, "--lang", "ja").stdout


def test_a_renamed_report_is_proved_by_its_content_and_told_to_be_renamed(
    shell: Shell, token: Token, tmp_path: Path
) -> None:
    path, other = tmp_path / "supply.pdf", tmp_path / "total.pdf"
    shell.json("ledger", "supply", token.address, "--out", path)
    assert "renamed" not in shell.text("ledger", "verify", path)
    path.rename(other)
    Path(f"{path}.manifest.json").rename(f"{other}.manifest.json")
    assert "The file was renamed (total.pdf, not supply.pdf)" in shell.text("ledger", "verify", other)
    assert "ファイル名が変更されています" in shell.text("ledger", "verify", other, "--lang", "ja")
    found = shell.json("ledger", "verify", other)
    assert found["proved"] is True
    assert [row["found"] for row in found["points"] if not row["holds"]] == ["total.pdf, not supply.pdf"]
    other.write_bytes(other.read_bytes() + b" ")
    assert "NOT proved: 2 points differ" in shell.run("ledger", "verify", other).stdout


def test_a_file_in_shift_jis_opens_in_a_japanese_spreadsheet(
    shell: Shell, token: Token, names: Path, tmp_path: Path
) -> None:
    path = tmp_path / "holdings.csv"
    words = ("ledger", "holdings", token.address, "--out", path, "--lang", "ja", "--names", names)
    shell.json(*words, "--encoding", "shift_jis")
    assert "投資者A" in path.read_text("cp932")
    names.write_text(names.read_text("utf-8").replace("投資者A", "投資者\U00020bb7"), "utf-8")
    said = shell.refused(2, *words, "--encoding", "shift_jis")
    assert "U+20BB7" in said
    assert "投資者" not in said
    assert "投資者A" in path.read_text("cp932")


def test_a_format_can_be_named_and_must_be_known(shell: Shell, token: Token, tmp_path: Path) -> None:
    words = ("ledger", "supply", token.address)
    shell.json(*words, "--out", tmp_path / "supply.data", "--format", "json")
    assert json.loads((tmp_path / "supply.data").read_text("utf-8"))["facts"]["issued"] == 180
    assert "does not say a format" in shell.refused(2, *words, "--out", tmp_path / "supply.doc")
    assert "A format is of a file" in shell.refused(2, *words, "--format", "csv")
    assert "cannot be written" in shell.refused(3, *words, "--out", tmp_path / "no" / "where.csv")
    assert "There is no chart of a lineage" in shell.refused(
        2, "ledger", "lineage", token.address, "--out", tmp_path / "lineage.svg"
    )


def test_holders_are_asked_for_by_wallet_or_investor(shell: Shell, token: Token) -> None:
    alice = shell.address("alice")
    for holder in (alice, alice.lower(), investor_of(alice).hex(), f"0x{investor_of(alice).hex()}"):
        rows = shell.json("ledger", "holdings", token.address, "--holder", holder)["tables"]["holdings"]["rows"]
        assert [row["units"] for row in rows] == [140]
    assert "is not an address" in shell.refused(2, "ledger", "lineage", token.address, "--holder", "alice")


def test_all_reports_of_one_instant_are_exported_at_once(
    shell: Shell, token: Token, names: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "reports" / "2027"
    words = ("ledger", "export", token.address, "--out", folder, "--names", names, "--format", "csv,pdf")
    told = shell.json(*words)["reports"]
    assert {row["report"] for row in told} == {
        path.name for path in folder.iterdir() if path.suffix in (".csv", ".pdf")
    }
    assert len(told) == 8
    heads = {json.loads(path.read_text("utf-8"))["block_hash"] for path in folder.glob("*.manifest.json")}
    assert len(heads) == 1
    with (folder / "lineage.csv").open(encoding="utf-8-sig", newline="") as file:
        assert len(list(csv.reader(file))) == 1 + 3
    shell.json("ledger", "verify", folder / "lineage.csv")


def test_a_certificate_of_no_move_is_refused(shell: Shell, token: Token) -> None:
    words = ("ledger", "certificate", token.address)
    assert "is no move of this token" in shell.refused(2, *words, f"0x{'7' * 64}:0")
    assert "is not a move" in shell.refused(2, *words, "yesterday")


def test_what_would_run_in_a_spreadsheet_is_refused(shell: Shell, token: Token) -> None:
    words = ("ledger", "register", token.address, "--issuer", "=HYPERLINK()")
    assert "begins as a formula does" in shell.refused(2, *words)


def test_a_report_of_another_chain_is_not_proved(shell: Shell, token: Token, tmp_path: Path) -> None:
    path = tmp_path / "supply.csv"
    shell.json("ledger", "supply", token.address, "--out", path)
    manifest = path.with_name("supply.csv.manifest.json")
    manifest.write_text(manifest.read_text("utf-8").replace('"chain_id": 31337', '"chain_id": 1'), "utf-8")
    refuted = shell.run("ledger", "verify", path)
    assert refuted.exit_code == 1
    assert "31337, not 1" in refuted.stdout
    manifest.write_text("{}", "utf-8")
    assert "is not a manifest" in shell.refused(2, "ledger", "verify", path)


COMMANDS = re.findall(r"^    (stotoken ledger .+)$", (ROOT / "examples" / "README.md").read_text("utf-8"), re.MULTILINE)


def test_every_report_that_the_examples_show_is_made(
    shell: Shell, token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    shell.world.node.set_time(max(shell.world.now, parse_instant("2027-04-02")))
    shell.world.issue(token, "carol", 5)
    known = {"TOKEN": token.address, "MOVE": move_of(shell, token, "forced transfer")}
    assert len(COMMANDS) > 10
    for command in COMMANDS:
        words = [known.get(word, word) for word in shlex.split(command)[1:]]
        shell.text(*words)
        if "--out" in words:
            assert (tmp_path / words[words.index("--out") + 1]).exists()
