"""A ledger in a database: it goes on where it stood, whatever the chain, the nodes, the disk and other programs do."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from actor import ACTS, PARTITIONS, Actor
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from ledgers import (
    BRIEF,
    model_of,
    nodes_of,
    opened,
    register_of,
    require_equal_to_chain,
    require_equal_to_model,
    rows,
    said,
    system_of,
)
from proxy import Proxy, narrow
from story import ALICE, BOB, DEFAULT, Story
from world import DAY, World

from stotoken.chain.connection import Connection
from stotoken.chain.devnode import DevNode
from stotoken.chain.nodes import Nodes
from stotoken.client.token import Token
from stotoken.errors import ChainReorganised, ConfigError, NodeError
from stotoken.ledger import writer
from stotoken.ledger.contracts import Contracts
from stotoken.ledger.database import REVISION, VERSION_TABLE, Database
from stotoken.ledger.follower import sync
from stotoken.ledger.schema import METADATA
from stotoken.ledger.store import Store
from stotoken.types import MAX_UNITS

NARROW = 3


@pytest.fixture
def token(world: World) -> Token:
    """Alice holds 1000, bob 100."""
    made = world.new_token()
    world.issue(made, "alice", 1000)
    world.issue(made, "bob", 100)
    return made


@pytest.fixture
def proxy(world: World) -> Iterator[Proxy]:
    with Proxy(world.node.url) as proxy:
        yield proxy


@pytest.fixture
def connection(proxy: Proxy) -> Iterator[Connection]:
    with Connection.open(proxy.url) as connection:
        yield connection


@pytest.fixture
def store(url: str, world: World) -> Iterator[Store]:
    with opened(url, system_of(world)) as store:
        yield store


def pay(world: World, token: Token, *amounts: int) -> None:
    for units in amounts:
        world.send("alice", token.bind.transfer(world.people.bob.address, units))


def read_anew(world: World) -> dict[str, list[tuple[Any, ...]]]:
    """What a ledger says that never saw anything but the chain of today."""
    store = Store.memory(system_of(world))
    sync(store, Nodes([world.connection]))
    return said(store)


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_stored_register_equals_a_model_after_every_act(world: World, store: Store) -> None:
    actor = Actor(world, 7)
    for what in ACTS:
        actor.once(what)
        if what in ("split", "lose_key"):
            sync(store, nodes_of(world.connection))
    world.travel(DAY)
    sync(store, nodes_of(world.connection))
    register = register_of(store, actor.token)
    assert require_equal_to_model(register, model_of(world, actor.token), sorted(actor.noted)) > 200
    assert require_equal_to_chain(store, world.connection) > 20


def test_every_token_is_read_at_once_and_one_made_later_is_found(world: World, store: Store, proxy: Proxy) -> None:
    first = world.new_token()
    world.issue(first, "alice", 10)
    with Connection.open(proxy.url) as connection:
        sync(store, nodes_of(connection))
        second, third = world.new_token(), world.new_token()
        world.issue(second, "bob", 20)
        world.issue(third, "carol", 30)
        sync(store, nodes_of(connection))
    assert [first.address, second.address, third.address] == store.tokens()[-3:]
    units = [sum(register_of(store, token).supply().values()) for token in (first, second, third)]
    assert units == [10, 20, 30]
    require_equal_to_chain(store, world.connection)


def test_a_store_goes_on_where_it_was_closed(world: World, url: str, token: Token) -> None:
    for amount in (1, 2, 3):
        with opened(url, system_of(world)) as store:
            sync(store, nodes_of(world.connection))
            pay(world, token, amount)
    with opened(url, system_of(world)) as store:
        sync(store, nodes_of(world.connection))
        assert said(store) == read_anew(world)
        require_equal_to_chain(store, world.connection)


def test_what_is_remembered_between_stretches_may_be_forgotten(
    world: World, store: Store, connection: Connection, proxy: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer, "REMEMBERED", 2)
    actor = Actor(world, 8)
    for what in ACTS:
        actor.once(what)
    proxy.rule = narrow(NARROW)
    sync(store, nodes_of(connection))
    assert said(store) == read_anew(world)
    require_equal_to_chain(store, world.connection)


def test_idle_blocks_leave_one_mark(world: World, store: Store, token: Token) -> None:
    sync(store, nodes_of(world.connection))
    before = rows(store)
    for _ in range(5):
        world.travel(10)
        sync(store, nodes_of(world.connection))
    assert rows(store) == before
    assert store.head is not None
    assert store.head.number == world.connection.block().number
    assert sum(len(marks) for marks in store.marks()) == len(before["blocks"]) + 1


def test_the_standing_of_a_wallet_is_known_as_of_any_instant(world: World, store: Store, token: Token) -> None:
    wallet = "0x" + "ab" * 20
    before = world.now
    world.travel(10)
    world.register([wallet], investor=bytes(range(16)))
    registered = world.now
    world.travel(10)
    world.system.by(world.people.emergency).freeze_wallet(wallet)
    sync(store, nodes_of(world.connection))
    register = register_of(store, token)
    address = next(each for each in register.wallets_of(bytes(range(16))))
    frozen = [register.standing_of(address, instant) & (2**40 - 1) > 0 for instant in (before, registered, world.now)]
    assert frozen == [False, False, True]
    investors = [register.standing_of(address, instant) >> 128 for instant in (before, registered)]
    assert investors == [0, int.from_bytes(bytes(range(16)), "big")]
    assert register.investor_of(address) == bytes(range(16))


# --- reorganisations --------------------------------------------------------------------------------------------------


def test_a_reorganisation_leaves_no_ghost_row(world: World, store: Store, token: Token) -> None:
    mark = world.node.snapshot()
    pay(world, token, 5, 6)
    late = world.new_token()
    world.issue(late, "carol", 7)
    sync(store, nodes_of(world.connection))
    world.node.revert(mark)
    pay(world, token, 8)
    sync(store, nodes_of(world.connection))
    assert said(store) == read_anew(world)
    assert late.address not in store.tokens()
    require_equal_to_chain(store, world.connection)


def test_a_chain_that_became_shorter_is_followed_back(world: World, store: Store, token: Token) -> None:
    sync(store, nodes_of(world.connection))
    before, mark = rows(store), world.node.snapshot()
    pay(world, token, 5, 6, 7)
    sync(store, nodes_of(world.connection))
    assert rows(store) != before
    world.node.revert(mark)
    sync(store, nodes_of(world.connection))
    assert rows(store) == before


def test_a_reorganisation_deeper_than_what_is_final_is_an_error_and_changes_nothing(
    world: World, store: Store, token: Token
) -> None:
    mark = world.node.snapshot()
    pay(world, token, *range(1, 9))
    sync(store, nodes_of(world.connection))
    before = rows(store)
    world.node.revert(mark)
    pay(world, token, *range(11, 21))
    with pytest.raises(ChainReorganised, match="nothing was changed") as caught:
        sync(store, nodes_of(world.connection), finality=3)
    assert caught.value.exit_code == 21
    assert rows(store) == before
    sync(store, nodes_of(world.connection), finality=10)
    assert said(store) == read_anew(world)


# --- nodes ------------------------------------------------------------------------------------------------------------


def test_a_connection_that_breaks_is_tried_again(
    world: World, store: Store, token: Token, proxy: Proxy, connection: Connection
) -> None:
    proxy.rule = narrow(NARROW)
    nodes = nodes_of(connection)
    for breaks in (1, 2):
        pay(world, token, breaks)
        proxy.drops = breaks
        sync(store, nodes)
    assert said(store) == read_anew(world)


def test_a_node_that_is_gone_is_an_error_and_the_ledger_stands_as_before(
    world: World, store: Store, token: Token, proxy: Proxy, connection: Connection
) -> None:
    sync(store, nodes_of(connection))
    before = rows(store)
    pay(world, token, 5)
    proxy.stop()
    with pytest.raises(NodeError, match="cannot be reached"):
        sync(store, nodes_of(connection))
    assert rows(store) == before
    proxy.start()
    sync(store, nodes_of(connection))
    assert said(store) == read_anew(world)


def test_what_the_node_refuses_is_not_asked_again(
    world: World, store: Store, token: Token, proxy: Proxy, connection: Connection
) -> None:
    proxy.rule = lambda calls: "not today" if calls[0]["method"] == "eth_getBlockByNumber" else None
    with pytest.raises(NodeError, match="not today"):
        sync(store, nodes_of(connection))
    assert proxy.methods["eth_getBlockByNumber"] == 2  # the latest and the last read, in one post


def test_another_node_goes_on_when_one_fails(world: World, store: Store, token: Token, proxy: Proxy) -> None:
    with Proxy(world.node.url) as second, Connection(proxy.url) as one, Connection(second.url) as other:
        nodes = nodes_of(one, other)
        sync(store, nodes)
        assert second.posts == 1  # its chain id
        proxy.stop()
        pay(world, token, 5)
        sync(store, nodes)
    assert second.posts > 2
    assert said(store) == read_anew(world)


def test_nodes_of_different_chains_are_refused(world: World, store: Store) -> None:
    with DevNode(chain_id=7) as foreign, Connection(world.node.url) as one, Connection(foreign.url) as other:
        nodes = Nodes([one, other])
        with pytest.raises(ConfigError, match="serves chain 7, the ledger is of chain 31337; nothing was read"):
            sync(store, nodes)
    assert store.head is None


def test_a_node_that_does_not_know_the_last_block_is_not_gone_on_with(
    world: World, store: Store, token: Token, proxy: Proxy
) -> None:
    """Of the same number, but another chain: what it says would undo what was read."""
    with DevNode() as foreign, Connection(proxy.url) as one, Connection(foreign.url) as other:
        nodes = nodes_of(one, other)
        sync(store, nodes)
        before = rows(store)
        proxy.stop()
        with pytest.raises(NodeError, match="which another node gave; nothing was read from it"):
            sync(store, nodes)
    assert rows(store) == before


# --- databases --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("tables", [False, True])
def test_programs_that_make_a_ledger_at_once_have_one(world: World, url: str, tables: bool) -> None:
    if tables:
        Database(url).close()
    start, faults = threading.Barrier(6), list[BaseException]()

    def make() -> None:
        try:
            start.wait()
            with opened(url, system_of(world)):
                pass
        except ConfigError as fault:
            faults.append(fault)

    threads = [threading.Thread(target=make) for _ in range(start.parties)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_two_programs_that_read_at_once_do_not_disturb_each_other(
    world: World, url: str, token: Token, proxy: Proxy
) -> None:
    pay(world, token, *range(1, 30))
    proxy.rule = narrow(NARROW)
    faults: list[BaseException] = []

    def read() -> None:
        try:
            with opened(url, system_of(world)) as store, Connection(proxy.url) as connection:
                sync(store, nodes_of(connection))
        except BaseException as fault:
            faults.append(fault)
            raise

    threads = [threading.Thread(target=read) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    with opened(url, system_of(world)) as store:
        assert said(store) == read_anew(world)


def test_a_full_disk_is_told_and_the_ledger_stands_as_before(world: World, token: Token, tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    with opened(url, system_of(world)) as store:
        sync(store, nodes_of(world.connection))
        before = rows(store)
        with store.database.engine.connect() as plain:
            pages = plain.exec_driver_sql("PRAGMA page_count").scalar_one()
            plain.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
        for start in (1000, 1200, 1400):
            world.register([f"0x{number:040x}" for number in range(start, start + 200)])
        with pytest.raises(ConfigError, match="database or disk is full; it stands at block [0-9]+ as before"):
            sync(store, nodes_of(world.connection))
        assert rows(store) == before
    with opened(url, system_of(world)) as store:
        sync(store, nodes_of(world.connection))
        assert said(store) == read_anew(world)


def test_the_largest_amounts_are_kept_exactly(url: str) -> None:
    story = Story()
    with opened(url, story.register.contracts) as store:
        story.register = register_of(store, story.register.contracts.token)
        story.block(1000).issue(ALICE, MAX_UNITS)
        story.move(ALICE, BOB, MAX_UNITS - 5)
        story.block(1010).split(2**30)
        register = story.close()
        assert register.holding(DEFAULT, BOB, 1000).units == MAX_UNITS - 5
        assert {held.wallet: held.units for held in register.holdings()} == {
            ALICE: 5 * 2**30,
            BOB: (MAX_UNITS - 5) * 2**30,
        }
        assert [move.units for move in register.lineage()] == [MAX_UNITS, MAX_UNITS - 5]
        assert register.supply() == {DEFAULT: MAX_UNITS * 2**30}


def test_the_migrations_make_the_tables_that_are_read(url: str) -> None:
    database = Database(url)
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"version_table": VERSION_TABLE})
        assert compare_metadata(context, METADATA) == []
        assert context.get_current_revision() == REVISION
    database.close()


def test_a_ledger_of_a_newer_version_is_refused(url: str) -> None:
    database = Database(url)
    with database.writing("") as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    database.close()
    with pytest.raises(
        ConfigError, match=f"newer version of this program \\(9999, here {REVISION}\\); nothing was done"
    ):
        Database(url)


def test_a_ledger_of_another_system_is_refused(url: str, world: World) -> None:
    with opened(url, system_of(world)) as store:
        mine = store.contracts
    other = Contracts(mine.chain_id + 1, mine.system, mine.orders)
    with pytest.raises(ConfigError, match="is of the system .* on chain 31337, not of .* on chain 31338; nothing was"):
        Store.open(url, other)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("ledger.db", "is neither"),
        ("mysql://user:hunter2@host/db", "is neither"),
        ("sqlite:////no/such/folder/ledger.db", "unable to open database file; nothing was done"),
        ("postgresql://user:hunter2@127.0.0.1:1/db?password=hunter2", "postgresql://127.0.0.1/db cannot be used"),
    ],
)
def test_a_database_that_cannot_be_opened_is_told_without_its_credentials(given: str, told: str) -> None:
    with pytest.raises(ConfigError) as caught:
        Database(given)
    assert told in str(caught.value)
    assert "hunter2" not in str(caught.value)
    assert "user" not in str(caught.value)


def test_a_wrong_password_is_told_without_it(postgres: Any) -> None:
    url = postgres.new_database().replace(postgres.password, "hunter2")
    with pytest.raises(ConfigError, match="password authentication failed") as caught:
        Database(url)
    assert "hunter2" not in str(caught.value)


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    path = tmp_path / "ledger.db"
    path.write_text("not a database at all, but long enough to be taken for one" * 20)
    with pytest.raises(ConfigError, match="file is not a database; nothing was done"):
        Database(f"sqlite:///{path}")


def test_a_ledger_that_another_program_holds_is_waited_for_and_then_told(
    world: World, token: Token, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stotoken.ledger.database._PATIENCE", 0.2)
    path = tmp_path / "ledger.db"
    with opened(f"sqlite:///{path}", system_of(world)) as store:
        holder = sqlite3.connect(path, isolation_level=None)
        holder.execute("BEGIN IMMEDIATE")
        with pytest.raises(ConfigError, match="database is locked; it stands at its beginning as before"):
            sync(store, nodes_of(world.connection))
        holder.execute("ROLLBACK")
        holder.close()
        sync(store, Nodes([world.connection], pauses=BRIEF))
        assert register_of(store, token).holding(PARTITIONS[0], world.people.bob.address).units == 100
