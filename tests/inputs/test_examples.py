"""The files under examples/ are what the script writes, and do what their README says."""

from __future__ import annotations

import re
import runpy
import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from stotoken.chain.signers.policy import Policy
from stotoken.custody import Book
from stotoken.errors import InputError
from stotoken.tables import Investor, read_allotments, read_customers, read_investors
from stotoken.terms import TokenSpec
from stotoken.types import InvestorClass

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = ROOT / "examples"
REFUSED = dict(re.findall(r"^\| (\S+\.\w+) \| (.+) \|$", (EXAMPLES / "refused/README.md").read_text("utf-8"), re.M))


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_script_writes_the_examples_again_byte_for_byte(tmp_path: Path) -> None:
    runpy.run_path(str(ROOT / "scripts/make_examples.py"))["main"](tmp_path)
    shutil.copy(EXAMPLES / "README.md", tmp_path)
    shutil.copytree(EXAMPLES / "rule", tmp_path / "rule")
    assert files(tmp_path) == files(EXAMPLES)


def test_every_refused_file_is_listed_with_its_sentence() -> None:
    listed = {path.name for path in (EXAMPLES / "refused").iterdir()} - {"README.md"}
    assert listed == set(REFUSED)
    assert len(REFUSED) > 50


@pytest.mark.parametrize("name", REFUSED)
def test_a_refused_example_has_one_fault_and_says_which(
    name: str, bond: TokenSpec, investors: tuple[Investor, ...]
) -> None:
    path = EXAMPLES / "refused" / name
    read: Callable[[Path], object] = TokenSpec.from_file
    if name.startswith("investors"):
        read = read_investors
    elif name.startswith("allotments"):
        read = partial(read_allotments, spec=bond, investors=investors)
    with pytest.raises(InputError) as caught:
        read(path)
    assert REFUSED[name] in str(caught.value)
    assert name in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1
    assert caught.value.exit_code == 2


def test_the_policy_the_custody_file_and_the_customer_ledger_are_read_whole() -> None:
    policy, book = Policy.load(EXAMPLES / "policy.toml"), Book.load(EXAMPLES / "custody.toml")
    assert (len(policy.allowances), policy.counts) == (2, True)
    assert {wallet.tier.name: wallet.tier.approvals for wallet in book.wallets.values()} == {"hot": 0, "cold": 2}
    assert {row.wallet for row in read_customers(EXAMPLES / "customers.csv")} <= set(book.wallets)


def test_refused_terms_name_their_reason_in_the_first_line() -> None:
    for name in REFUSED:
        if name.endswith(".yaml"):
            first = (EXAMPLES / "refused" / name).read_text("utf-8").splitlines()[0]
            assert first == f"# Refused: {REFUSED[name]}"


def test_a_thousand_investors_hold_a_thousand_wallets_and_some_hold_two(investors: tuple[Investor, ...]) -> None:
    assert len({investor.investor_id for investor in investors}) == 1_000
    assert 1_000 < len(investors) < 1_100
    assert all(InvestorClass.KYC in investor.classes for investor in investors)
    assert any(InvestorClass.QII in investor.classes for investor in investors)
    assert sum(investor.valid_until.year == 2030 for investor in investors) > 900


@pytest.mark.parametrize("security", ["bond", "share"])
def test_allotments_reach_every_investor_within_the_authorised_units(
    security: str, investors: tuple[Investor, ...]
) -> None:
    spec = TokenSpec.from_file(EXAMPLES / f"{security}.yaml")
    allotments = read_allotments(EXAMPLES / f"{security}-allotments.csv", spec=spec, investors=investors)
    owner = {investor.wallet: investor.investor_id for investor in investors}
    assert len({owner[allotment.wallet] for allotment in allotments}) == 1_000
    assert {allotment.partition for allotment in allotments} == set(spec.partitions)
    assert sum(allotment.units for allotment in allotments) <= spec.authorised_units


def test_the_shift_jis_example_holds_ten_investors_with_a_name_only_cp932_can_spell() -> None:
    investors = read_investors(EXAMPLES / "investors-sjis.csv")
    assert len(investors) == 10
    assert any(investor.name.startswith("髙橋") for investor in investors)
