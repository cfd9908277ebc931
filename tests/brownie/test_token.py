"""A security's life through Brownie: contracts, accounts, events, time travel and named reverts."""

import brownie

from stotoken.types import Basis, HaltLevel, keccak, partition_id

DAY = 86_400
DEFAULT, CLASS_A = partition_id("default"), partition_id("class-a")
INCIDENT = keccak(b"the report")


def refused(name, *values):
    """The next act reverts with this custom error and these values."""
    told = ", ".join(value.address.lower() if hasattr(value, "address") else str(value) for value in values)
    return brownie.reverts(f"{name}: {told}")


def units(token, *holders, partition=DEFAULT):
    return [token.balanceOfByPartition(partition, holder) for holder in holders]


def test_a_token_is_created_by_order_with_its_terms(system, token):
    assert system.tokens() == [token.address]
    assert (token.name(), token.symbol()) == ("試験証券", "TEST")
    assert token.terms()["authorisedUnits"] == 10_000
    assert len(token.partitions()) == 2


def test_nobody_issues_alone(token, people):
    with refused("OrderRequired", people.issuer):
        token.issue(people.treasury, 1, b"", {"from": people.issuer})


def test_units_are_issued_by_order_to_the_treasury(token, people, order):
    issued = order(
        token, "issue", people.treasury, 250, b"", by="registrar", approved_by="issuer", basis=Basis.ISSUANCE
    )
    assert issued.events["Issued"]["value"] == 250
    assert units(token, people.treasury) == [1_100]
    assert token.totalSupply() == 1_750


def test_the_agent_distributes_within_the_allotment(token, people):
    agent = {"from": people.issuing_agent}
    token.distribute(DEFAULT, [people.alice, people.bob], [10, 20], keccak(b"batch 2"), agent)
    assert units(token, people.alice, people.bob, people.treasury) == [110, 70, 820]
    with refused("AllotmentExceeded", 41, 40):
        token.distribute(DEFAULT, [people.bob], [41], keccak(b"batch 3"), agent)


def test_a_holder_transfers_to_another(token, people):
    transferred = token.transfer(people.bob, 40, {"from": people.alice})
    assert transferred.events["Transfer"]["value"] == 40
    assert units(token, people.alice, people.bob) == [60, 90]


def test_a_transfer_to_an_unregistered_wallet_is_refused(token, people):
    assert token.canTransfer["address,address,uint256"](people.alice, people.mallory, 1) is False
    with refused("WalletUnregistered", people.mallory):
        token.transfer(people.mallory, 1, {"from": people.alice})


def test_a_transfer_in_one_partition_leaves_the_other_alone(token, people):
    token.transferByPartition(CLASS_A, people.bob, 12, b"", {"from": people.alice})
    assert units(token, people.alice, people.bob, partition=CLASS_A) == [18, 12]
    assert units(token, people.alice, people.bob) == [100, 50]


def test_a_split_multiplies_every_holding_at_once(token, people, order):
    order(token, "split", 3, 0, by="registrar", approved_by="issuer", basis=Basis.CORPORATE_ACTION)
    assert units(token, people.alice, people.bob, people.treasury) == [300, 150, 2_550]
    assert units(token, people.alice, partition=CLASS_A) == [90]
    assert token.totalSupply() == 4_500


def test_a_record_date_keeps_the_register_as_it_was(token, people, order):
    order(token, "scheduleRecordDate", 0, by="issuer", approved_by="registrar", basis=Basis.CORPORATE_ACTION)
    epoch = token.currentEpoch()
    token.transfer(people.bob, 100, {"from": people.alice})
    assert units(token, people.alice, people.bob) == [0, 150]
    assert [token.balanceOfAt(DEFAULT, holder, epoch) for holder in (people.alice, people.bob)] == [100, 50]


def test_a_lock_up_ends_with_its_time(token, people, order):
    until = brownie.chain[-1].timestamp + DAY
    order(token, "setLockup", DEFAULT, brownie.ZERO_ADDRESS, until, by="issuing_agent", approved_by="compliance")
    with refused("HoldingLockedUp", people.alice, until):
        token.transfer(people.bob, 1, {"from": people.alice})
    brownie.chain.sleep(DAY + 1)
    brownie.chain.mine()
    token.transfer(people.bob, 1, {"from": people.alice})
    assert units(token, people.bob) == [51]


def test_a_frozen_wallet_moves_nothing_until_two_people_unfreeze_it(system, token, people, order):
    system.freezeWallet(people.alice, {"from": people.emergency})
    with refused("WalletFrozen", people.alice):
        token.transfer(people.bob, 1, {"from": people.alice})
    order(system, "unfreezeWallet", people.alice, by="registrar", approved_by="compliance")
    token.transfer(people.bob, 1, {"from": people.alice})
    assert units(token, people.bob) == [51]


def test_a_forced_transfer_moves_frozen_units(token, people, order):
    token.setFrozenTokens(people.alice, 100, {"from": people.compliance})
    with refused("ERC7943InsufficientUnfrozenBalance", people.alice, 60, 0):
        token.transfer(people.bob, 60, {"from": people.alice})
    forced = order(
        token, "forcedTransfer", people.alice, people.bob, 60,
        by="registrar", approved_by="compliance", basis=Basis.JUDGMENT,
    )  # fmt: skip
    assert forced.events["ForcedTransfer"]["amount"] == 60
    assert units(token, people.alice, people.bob) == [40, 110]


def test_a_halt_stops_every_token_until_two_people_resume(system, token, people, order):
    system.halt(HaltLevel.HALTED, INCIDENT, {"from": people.emergency})
    with refused("SystemHalted", int(HaltLevel.HALTED)):
        token.transfer(people.bob, 1, {"from": people.alice})
    order(system, "resume", HaltLevel.NORMAL, INCIDENT, by="sys_admin", approved_by="compliance", basis=Basis.RESUME)
    token.transfer(people.bob, 1, {"from": people.alice})
    assert units(token, people.bob) == [51]
