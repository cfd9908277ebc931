"""A halt while other things are under way: a distribution, a thief's transfers, a key that is far away (6.1.1.11)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from stotoken import reverts
from stotoken.conformance.stage import DEFAULT, Stage
from stotoken.types import HaltLevel

#: Transfers that wait in the pool before the halt.
_WAITING = 20
_GAS = 500_000


def between_batches(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.treasury, 100)
    s.order(token.allot(100))
    holders = (s.alice, s.bob, s.carol)
    batches = {s.incident(f"batch {place}"): [(h.address, 10) for h in holders] for place in range(3)}

    def run() -> None:
        for batch, rows in batches.items():
            if not token.was_distributed(batch):
                token.by(s.agent).distribute(DEFAULT, rows, batch)

    with s.check(
        "A halt in the midst of a distribution leaves whole batches behind.",
        "配布の途中で停止しても、配布は一括単位で完結している。",
        *(s.units(token, holder).goes(0, 10) for holder in holders),
    ) as check:
        first, rows = next(iter(batches.items()))
        token.by(s.agent).distribute(DEFAULT, rows, first)
        s.system.by(s.compliance).halt(HaltLevel.HALTED, s.incident("incident 4"))
        check.refused(reverts.SystemHalted, run)
    s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 4")))
    with s.check(
        "The same run goes on after the halt, and pays no batch twice.",
        "再開後は同じ処理で残りを続けられ、二重に配布されることはない。",
        *(s.units(token, holder).goes(10, 30) for holder in holders), s.units(token, s.treasury).goes(70, 10),
    ):  # fmt: skip
        run()


def against_the_odds(s: Stage) -> None:
    token = s.new_token()
    s.issue(token, s.alice, 100)
    stop = s.system.bind.halt(HaltLevel.HALTED, s.incident("incident 7"))
    with s.check(
        "A halt that was signed beforehand and put away stops the system when anybody hands it to a node.",
        "予め署名して保管した停止の取引は、誰がノードへ渡しても基幹システムを停止させる。",
        s.figure("halt level", "停止レベル", lambda: s.system.level().name).goes("NORMAL", "HALTED"),
    ) as check:
        signed = s.emergency.sign(stop)
        token.by(s.alice).transfer(s.bob.address, 1)
        s.mallory.connection.send_raw(signed.raw)
        s.emergency.outcome(stop, signed)
        check.refused(reverts.SystemHalted, lambda: token.by(s.alice).transfer(s.bob.address, 1))
    s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 7")))
    theft = token.bind.transfer(s.bob.address, 1)
    with s.check(
        "A halt at a higher price overtakes transfers that waited in the pool before it: none of them is done.",
        "手数料を上げた停止の取引は、先に待機していた移転を追い越し、それらの移転は成立しない。",
        s.units(token, s.alice).stays(99),
    ) as check:
        with _not_mined(s):
            start = s.connection.nonce(s.alice.address)
            waiting = [s.alice.sign(theft, _GAS, start + place) for place in range(_WAITING)]
            stopping = s.emergency.sign(stop, _GAS, bid=10)
            for each in (*waiting, stopping):
                s.connection.send_raw(each.raw)
        s.emergency.outcome(stop, stopping)
        check.refused(reverts.SystemHalted, *(partial(s.alice.outcome, theft, each) for each in waiting))
    s.order(s.system.resume(HaltLevel.NORMAL, s.incident("incident 7")))


@contextmanager
def _not_mined(s: Stage) -> Iterator[None]:
    """What is sent meanwhile waits in the pool, and is mined together at the end."""
    off, on = partial(s.node.rpc, "evm_setAutomine", False), partial(s.node.rpc, "evm_setAutomine", True)
    if s.node.engine == "ganache":
        off, on = partial(s.node.rpc, "miner_stop"), partial(s.node.rpc, "miner_start")
    off()
    try:
        yield
        s.node.mine()
    finally:
        on()
