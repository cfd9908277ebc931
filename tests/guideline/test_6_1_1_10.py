"""逆移転機能 — undo an earlier transfer: from its recipient back to its sender."""

from __future__ import annotations

import pytest

from stotoken import reverts
from stotoken.client.results import Moved
from stotoken.client.token import Token
from stotoken.conformance.evidence import Text
from stotoken.conformance.stage import DAY, DEFAULT, Stage
from stotoken.errors import InputError
from stotoken.types import Basis


@pytest.fixture
def token(stage: Stage) -> Token:
    """A share of which the treasury holds five hundred units."""
    token = stage.new_token()
    stage.issue(token, stage.treasury, 500)
    return token


@pytest.fixture
def wrong(stage: Stage, token: Token) -> Moved:
    """A hundred units that went to A in error."""
    return token.by(stage.treasury).transfer(stage.alice.address, 100)


def test_the_scenario_of_the_clause_holds(faults: list[str]) -> None:
    assert faults == []


def test_one_row_of_a_batch_is_reversed_and_the_others_stay(stage: Stage, token: Token) -> None:
    rows = [(stage.alice.address, 10), (stage.bob.address, 20)]
    batch = token.by(stage.treasury).batch_transfer(DEFAULT, rows)
    stage.order(token.reversal_of(batch.tx_hash, batch.moves[1].log_index))
    assert (token.balance_of(stage.alice.address), token.balance_of(stage.bob.address)) == (10, 0)


def test_a_distribution_to_the_wrong_investor_is_reversed(stage: Stage, token: Token) -> None:
    stage.order(token.allot(10))
    done = token.by(stage.agent).distribute(DEFAULT, [(stage.alice.address, 10)], stage.incident("batch"))
    stage.order(token.reversal_of(done.tx_hash, done.moves[0].log_index))
    assert token.balance_of(stage.treasury.address) == 500


def test_two_transfers_alike_are_two_references(stage: Stage, token: Token) -> None:
    first = token.by(stage.treasury).transfer(stage.alice.address, 10)
    second = token.by(stage.treasury).transfer(stage.alice.address, 10)
    stage.order(token.reversal_of(first.tx_hash, first.log_index))
    stage.order(token.reversal_of(second.tx_hash, second.log_index))
    assert token.balance_of(stage.alice.address) == 0
    with pytest.raises(InputError):
        token.reversal_of(first.tx_hash, first.log_index)


def test_units_are_returned_in_as_many_orders_as_it_takes(stage: Stage, token: Token, wrong: Moved) -> None:
    for units in (1, 39, 60):
        stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index, units))
    assert token.reversed(wrong.origin) == 100
    assert token.balance_of(stage.treasury.address) == 500


def test_what_was_returned_before_a_split_counts_after_it(stage: Stage, token: Token, wrong: Moved) -> None:
    stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index, 40))
    stage.order(token.split(2))
    assert token.reversed(wrong.origin) == 80
    with pytest.raises(InputError):
        token.reversal_of(wrong.tx_hash, wrong.log_index, 121)
    stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index, 120))
    assert token.balance_of(stage.alice.address) == 0


def test_a_transfer_in_the_block_of_a_split_is_returned_in_its_own_units(stage: Stage, token: Token) -> None:
    start = stage.now + DAY
    stage.order(token.split(3, start))
    stage.at(start)
    moved = token.by(stage.treasury).transfer(stage.alice.address, 100)
    assert stage.order(token.reversal_of(moved.tx_hash, moved.log_index)).event("Reversed").values["units"] == 100


def test_recipients_without_valid_checks_still_give_back(stage: Stage, token: Token, wrong: Moved) -> None:
    stage.register(stage.alice, until=stage.now)
    stage.system.by(stage.compliance).freeze_wallet(stage.alice.address)
    stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index))
    assert token.balance_of(stage.alice.address) == 0


def test_a_sender_whose_key_is_lost_gets_nothing_back_by_reversal(stage: Stage, token: Token, wrong: Moved) -> None:
    token.by(stage.custodian).report_lost_key(stage.treasury.address, stage.incident("evidence"))
    with pytest.raises(reverts.HoldingLost):
        stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index))


def test_a_register_of_the_past_is_not_rewritten(stage: Stage, token: Token, wrong: Moved) -> None:
    stage.travel(DAY)
    stage.order(token.schedule_record_date())
    stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index))
    assert token.balance_at(stage.alice.address, 1) == 100
    assert token.balance_of(stage.alice.address) == 0


def test_a_forced_transfer_is_not_reversed_but_ordered_anew(stage: Stage, token: Token, wrong: Moved) -> None:
    act = token.force_by_partition(DEFAULT, stage.alice.address, stage.bob.address, 10, Basis.JUDGMENT)
    log = stage.order(act).event("TransferByPartition").log
    with pytest.raises(InputError):
        token.reversal_of(log.tx_hash, log.log_index)


def test_a_reissue_to_another_wallet_is_not_reversed(stage: Stage, token: Token, wrong: Moved) -> None:
    second = stage.newcomer(Text("A's second wallet", "投資者Aの第二ウォレット"), of=stage.alice)
    loss = token.by(stage.custodian).report_lost_key(stage.alice.address, stage.incident("evidence"))
    log = stage.order(token.reissue(loss.id, second.address)).event("TransferByPartition").log
    with pytest.raises(InputError):
        token.reversal_of(log.tx_hash, log.log_index)


def test_an_unknown_transaction_is_no_reference(stage: Stage, token: Token) -> None:
    with pytest.raises(InputError):
        token.reversal_of("0x" + "ab" * 32, 0)


def test_a_transfer_to_oneself_is_no_transfer_to_return(stage: Stage, token: Token) -> None:
    moved = token.by(stage.treasury).transfer(stage.treasury.address, 5)
    with pytest.raises(InputError):
        token.reversal_of(moved.tx_hash, moved.log_index)


def test_other_units_of_the_recipient_serve_when_the_very_ones_are_gone(
    stage: Stage, token: Token, wrong: Moved
) -> None:
    token.by(stage.alice).transfer(stage.bob.address, 100)
    stage.issue(token, stage.alice, 100)
    stage.order(token.reversal_of(wrong.tx_hash, wrong.log_index))
    assert token.balance_of(stage.alice.address) == 0
