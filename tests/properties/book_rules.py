"""Orders that set the further rules of a token, and take them back: limits, countries, windows, closed periods."""

from __future__ import annotations

from dataclasses import astuple, replace

from book import LARGEST, Countries, Limits, Window
from chain import PARTITIONS, WALLETS, partition
from game import often, partitions, receivers, row_amounts
from holder_rules import HolderRules
from hypothesis import strategies as st
from hypothesis.stateful import rule
from model import TRANSFER
from people import JAPAN, ZERO
from world import DAY

from stotoken.client.bindings import structs

scopes = st.sampled_from(("", "", *PARTITIONS * 3, "unknown"))
#: Near what is held, so that they are met from both sides; the last is more than any limit may be.
least = st.sampled_from((0, 0, 0, 1, 5, 20, 50, LARGEST + 1))
most = st.sampled_from((0, 0, 0, 60, 150, 700, 5, LARGEST))
lot_sizes = st.sampled_from((0, 0, 1, 2, 5, 10, 100))
#: 840 and 250 are countries that nobody is of until it is registered so; 0 and 1000 are none.
places = st.integers(0, 30)
off_by = st.sampled_from((-1, 0, 0, 1))
lists = st.sampled_from(((JAPAN,), (JAPAN,), (), (JAPAN, 840), (840,), (250, 840), (999, 1), (JAPAN, 0), (1000,)))
#: Seconds from now; None is no bound.
bounds = st.sampled_from((None, None, None, 0, 1, 2, DAY, 10 * DAY, -DAY))
back = often(no=3, yes=1)


class BookRules(HolderRules):
    @rule(name=scopes, minimum=least, maximum=most, lot=lot_sizes, take_back=back)
    def set_limits(self, name: str, minimum: int, maximum: int, lot: int, take_back: str) -> None:
        self.limit(name, Limits() if take_back == "yes" else Limits(minimum, maximum, lot))

    @rule(name=scopes, codes=lists, admitted=st.sampled_from((True, True, False)), take_back=back)
    def set_countries(self, name: str, codes: tuple[int, ...], admitted: bool, take_back: str) -> None:
        codes = () if take_back == "yes" else codes
        call = self.bind.set_countries(partition(name), codes, admitted)
        self.order(call, lambda: self.token.set_countries(name, Countries(frozenset(codes), admitted)))

    @rule(
        name=scopes,
        wallet=st.one_of(st.just(ZERO), receivers),
        opens=bounds,
        closes=bounds,
        shut=st.tuples(bounds, bounds),
        take_back=back,
    )
    def set_window(
        self,
        name: str,
        wallet: str,
        opens: int | None,
        closes: int | None,
        shut: tuple[int | None, int | None],
        take_back: str,
    ) -> None:
        drawn = (opens, closes, *shut)
        times = [0 if span is None or take_back == "yes" else self.now + span for span in drawn]
        self.window(name, wallet, Window(*times))

    @rule(span=st.sampled_from((0, 1, DAY, 9 * DAY, 10 * DAY, 2**32 - 1)))
    def set_closed_period(self, span: int) -> None:
        self.order(self.bind.set_closed_period(span), lambda: self.token.set_closed_period(span))

    @rule(span=st.sampled_from((1, 2 * DAY)), ahead=st.sampled_from((1, 10 * DAY)))
    def close_before_a_record_date(self, span: int, ahead: int) -> None:
        self.set_closed_period(span)
        start = self.now + ahead
        self.order(self.bind.schedule_record_date(start), lambda: self.token.record_date(start))

    # --- a rule, and at once a transfer at its edge -------------------------------------------------------------------

    def way(self, name: str, amount: str, place: int) -> tuple[str, str, int]:
        """From whom to whom and how much: where nothing stands against it yet, if there is such a way."""
        every = [(by, to, self.units(amount, name, by)) for by in WALLETS for to in WALLETS if by != to]
        ways = [way for way in every if way[2] and not self.token.against(TRANSFER, name, *way)] or every
        return ways[place % len(ways)]

    def try_a_transfer(self, name: str, by: str, to: str, units: int) -> None:
        """Of few units by a batch of one row."""
        whom = self.chain.of(to)
        if units > 2:
            self.transfer_by(self.bind.transfer_by_partition(partition(name), whom, units, b""), name, by, to, units)
        else:
            call = self.bind.batch_transfer(partition(name), [whom], [units])
            self.act(by, call, lambda: self.token.batch_transfer(name, by, [(to, units)]))

    @rule(
        name=partitions, amount=often(all=3, some=2, one=2, half=1), place=places, off=off_by,
        which=often(rest=2, least=2, most=3, lot=2), scope=st.booleans(),
    )  # fmt: skip
    def limit_what_is_transferred(self, name: str, amount: str, place: int, off: int, which: str, scope: bool) -> None:
        by, to, units = self.way(name, amount, place)
        edge = {
            "rest": self.token.units(name, by) - units,
            "least": self.token.units(name, to) + units,
            "most": self.token.units(name, to) + units,
            "lot": units,
        }[which]
        edge = max(0, edge + off)
        limits = {"most": Limits(maximum=edge), "lot": Limits(lot=edge)}.get(which, Limits(minimum=edge))
        where = "" if scope else name
        self.limit(where, limits)
        self.try_a_transfer(name, by, to, units)
        self.limit(where, Limits())

    def limit(self, scope: str, limits: Limits) -> None:
        call = self.bind.set_limits(partition(scope), limits.minimum, limits.maximum, limits.lot)
        self.order(call, lambda: self.token.set_limits(scope, replace(limits)))

    @rule(name=partitions, amount=row_amounts, place=places, codes=lists, admitted=st.booleans())
    def list_where_it_goes(self, name: str, amount: str, place: int, codes: tuple[int, ...], admitted: bool) -> None:
        way = self.way(name, amount, place)
        self.set_countries(name, codes, admitted, "no")
        self.try_a_transfer(name, *way)
        self.set_countries(name, (), admitted, "yes")

    @rule(
        name=partitions, amount=row_amounts, place=places, off=off_by,
        which=often(opens=1, closes=1, shut_from=1, shut_until=1, record_date=2), scope=st.sampled_from((0, 1, 2)),
    )  # fmt: skip
    def time_what_is_transferred(self, name: str, amount: str, place: int, off: int, which: str, scope: int) -> None:
        by, to, units = self.way(name, amount, place)
        where, whose = (("", ZERO), (name, ZERO), (name, by))[scope]
        if which == "record date":
            self.close_before_a_record_date(2 * DAY, 2 * DAY + off)
        else:
            edge = self.now + off
            windows = {
                "opens": Window(opens=edge),
                "closes": Window(closes=edge),
                "shut_from": Window(shut_from=edge, shut_until=edge + DAY),
                "shut_until": Window(shut_from=edge - DAY, shut_until=edge),
            }
            self.window(where, whose, windows[which.replace(" ", "_")])
        self.try_a_transfer(name, by, to, units)
        if which == "record date":
            self.set_closed_period(0)
        else:
            self.window(where, whose, Window())

    def window(self, scope: str, wallet: str, window: Window) -> None:
        call = self.bind.set_window(partition(scope), self.chain.of(wallet), structs.Window(*astuple(window)))
        self.order(call, lambda: self.token.set_window(scope, wallet, window))
