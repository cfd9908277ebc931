"""What keeps the register: reading the chain, and comparing with it."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ledger import COMMAND
from stotoken.cli.ledger.reporting import replayed
from stotoken.cli.report import Pair, Report

if TYPE_CHECKING:
    from stotoken.chain.nodes import Nodes
    from stotoken.ledger.follower import Progress

F = TypeVar("F", bound=Callable[..., object])

#: Seconds between two lines of progress.
_PACE = 1.0


def _reading(command: F) -> F:
    """The options of commands that read the chain."""
    other = click.option("--other-node", "others", metavar="URL", multiple=True,
                         help="Another node of the chain, asked when the one before fails; any number.")  # fmt: skip
    final = click.option("--finality", type=click.IntRange(min=0), default=256, show_default=True,
                         help="Blocks behind the last one that may still be replaced.")  # fmt: skip
    return other(final(command))


@COMMAND.told("sync")
@_reading
def sync(app: App, others: tuple[str, ...], finality: int) -> Report:
    """Read the chain up to its latest block."""
    from stotoken.ledger.follower import sync as catch_up

    head = catch_up(app.store, _nodes(app, others), finality=finality, progress=_progress(app))
    number = head.number if head else None
    return Report(
        Pair(f"The ledger has read up to block {number}.", f"台帳はブロック {number} まで読み取り済みです。"),
        {"ledger": app.store.database.shown, "block_number": number, "tokens": len(app.store.tokens())},
    )


@COMMAND.told("follow")
@_reading
@click.option("--every", type=click.FloatRange(min=0.1), default=10.0, show_default=True,
              help="Seconds between two looks at the chain.")  # fmt: skip
def follow(app: App, others: tuple[str, ...], finality: int, every: float) -> None:
    """Read the chain and go on with it until interrupted."""
    from stotoken.ledger.follower import keep_following

    keep_following(app.store, _nodes(app, others), interval=every, finality=finality, progress=_progress(app))


def _nodes(app: App, others: tuple[str, ...]) -> Nodes:
    from stotoken.chain.connection import Connection
    from stotoken.chain.nodes import Nodes

    return Nodes([app.connection, *map(Connection, others)])


def _progress(app: App) -> Progress:
    """A line now and then, and one at the end."""
    told = time.monotonic()

    def progress(at: int, to: int) -> None:
        nonlocal told
        if at == to or time.monotonic() - told >= _PACE:
            told = time.monotonic()
            app.progress(Pair(f"block {at} of {to}", f"ブロック {at} / {to}").in_(app.lang))

    return progress


@COMMAND.told("reconcile")
@values.the_token
def reconcile(app: App, token: str) -> Report:
    """Compare the register with the chain, holder by holder, at every record date too."""
    from stotoken.ledger.reconcile import reconcile as compare

    outcome = compare(replayed(app, token), app.connection)
    outcome.assert_equal()
    found = {"equal": True, "rows_compared": outcome.rows_compared, "block_number": outcome.block.number}
    return Report(Pair("The register equals the chain.", "原簿はチェーンと一致しています。"), found)
