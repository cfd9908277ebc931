"""Every rule of a token in words: as its terms have it, as it is on chain, and where the two differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from stotoken.chain.connection import Connection
from stotoken.client import bindings
from stotoken.client.act import Act
from stotoken.client.bindings import structs
from stotoken.client.events import abi_of
from stotoken.client.token import Token, terms_from
from stotoken.client.token_rules import (
    DAY,
    CountriesView,
    FurtherRules,
    LimitsView,
    RuleActs,
    country_list,
    limits_in_words,
    span_in_words,
    window_in_words,
)
from stotoken.client.token_views import DocumentView, from_start, until_end
from stotoken.terms import Document, TokenSpec
from stotoken.types import ZERO_ADDRESS, Address, Instrument, InvestorClass, LegalCategory, format_jst, partition_name


class Ruling(NamedTuple):
    """One rule, or one of the terms, in both languages. A rule of several scopes has one for each."""

    what: str
    en: str
    ja: str

    def text(self, lang: str) -> str:
        return self.ja if lang == "ja" else self.en


class Difference(NamedTuple):
    """What the terms have and the chain has not, or the other way round; empty on the side where there is none."""

    what: str
    spec: tuple[Ruling, ...]
    chain: tuple[Ruling, ...]


@dataclass(frozen=True, slots=True)
class _Basics:
    """The rules that every token has; times are UTC seconds, 0 for none."""

    classes: InvestorClass
    holder_cap: int
    whole_only: bool
    approval_required: bool
    locked_until: int
    maturity: int
    puttable: bool


def of_spec(spec: TokenSpec) -> tuple[Ruling, ...]:
    """What the terms will have the token judged by."""
    basics = _Basics(spec.receive_classes, spec.holder_cap, spec.whole_only, spec.approval_required,
                     spec.locked_until, spec.matures_at, spec.puttable)  # fmt: skip
    opens, closes = spec.transfer_window
    countries = spec.admitted_countries or spec.refused_countries
    return (
        *_basics(basics),
        *_limits(LimitsView(spec.minimum, spec.maximum, spec.lot_size)),
        *_countries(CountriesView(countries, bool(spec.admitted_countries))),
        *_window(structs.Window(from_start(opens), until_end(closes), 0, 0)),
        *_rest(FurtherRules(spec.closed_period_days * DAY, spec.sanctions_oracle, spec.rules)),
    )


def on_chain(token: Token) -> tuple[Ruling, ...]:
    """What the token is judged by now, in every scope."""
    p = token.policy()
    partitions = token.partitions()
    basics = _Basics(p.receive_classes, p.holder_cap, p.whole_only, p.approval_required, p.locked_until,
                     p.maturity, p.puttable)  # fmt: skip
    found = [*_basics(basics)]
    for name in partitions:
        found += _lockup(token.holding_of(ZERO_ADDRESS, name).locked_until, name)
    for partition, holder in _holders(token, "LockupChanged"):
        found += _lockup(token.holding_of(holder, partition).locked_until, f"{partition} {holder}")
    for scope in (None, *partitions):
        found += _limits(token.limits(scope), scope)
    for scope in (None, *partitions):
        found += _countries(token.countries(scope), scope)
    for scope in (None, *partitions):
        found += _window(token.window(scope), scope)
    for partition, holder in _holders(token, "WindowChanged"):
        found += _window(token.window(partition, holder), f"{partition} {holder}")
    return (*found, *_rest(token.further_rules()))


def differences(spec: TokenSpec, token: Token) -> tuple[Difference, ...]:
    """Between the terms and the token, its rules included; none when it is of exactly these terms."""
    terms = _terms(terms_from(spec, ZERO_ADDRESS), spec.partitions)
    wanted = (*terms, *_documents(spec.documents), *of_spec(spec))
    found = (*_terms(token.terms(), token.partitions()), *_documents(token.documents()), *on_chain(token))
    names = dict.fromkeys(ruling.what for ruling in (*wanted, *found))
    sides = ((name, _only(name, wanted, found), _only(name, found, wanted)) for name in names)
    return tuple(Difference(name, ours, theirs) for name, ours, theirs in sides if ours or theirs)


def orders_after_creation(spec: TokenSpec) -> tuple[tuple[str, Act], ...]:
    """The orders that a token of these terms will need once it was created, with the functions they call. The token
    does not exist yet, so the acts are for nobody to propose."""
    functions = {function.selector: function.name for function in abi_of("SecurityToken").functions.values()}
    return tuple((functions[act.call.data[:4]], act) for act in _Draft().further_acts(spec))


class _Draft(RuleActs):
    """A token that does not exist yet: at no address and on no node."""

    def __init__(self) -> None:
        self.bind = bindings.SecurityToken(cast("Connection", None), ZERO_ADDRESS)


# --- in words ---------------------------------------------------------------------------------------------------------


def _basics(b: _Basics) -> Iterator[Ruling]:
    names = [found.name or "" for found in b.classes]
    yield Ruling("registration", "Both sides are registered investors whose checks are valid, and not frozen.",
                 "双方が有効な本人確認済みの投資者として登録され、凍結されていないこと。")  # fmt: skip
    yield Ruling("receivers", f"Investors of any of these classes receive: {', '.join(names)}.",
                 f"取得できる投資者の区分: {'、'.join(names)}。")  # fmt: skip
    if b.holder_cap:
        yield Ruling("holders", f"At most {b.holder_cap} investors hold at once.",
                     f"保有者は同時に {b.holder_cap} 名以下。")  # fmt: skip
    else:
        yield Ruling("holders", "Any number of investors hold.", "保有者数の制限なし。")
    if b.whole_only:
        yield Ruling("whole_holdings", "A holding is transferred as a whole or not at all.",
                     "保有は一括してのみ移転できる。")  # fmt: skip
    if b.approval_required:
        yield Ruling("approval", "The issuer approves every transfer.", "移転の都度、発行者の承認を要する。")
    yield from _lockup(b.locked_until)
    if b.maturity:
        at = format_jst(b.maturity)
        yield Ruling("maturity", f"From {at} on it is only redeemed.", f"{at} 以降は償還のみ。")
    if b.puttable:
        yield Ruling("put", "Holders may redeem before maturity.", "投資者は償還期日前に償還を請求できる。")


def _lockup(until: int, scope: str | None = None) -> Iterator[Ruling]:
    if until:
        at = format_jst(until)
        yield _scoped(scope, "lockup", f"Nothing is transferred before {at}.", f"{at} まで移転できない。")


def _limits(limits: LimitsView, scope: str | None = None) -> Iterator[Ruling]:
    values = (limits.minimum, limits.maximum, limits.lot_size)
    if any(values):
        en, ja = limits_in_words(*values, lang="en"), limits_in_words(*values, lang="ja")
        yield _scoped(scope, "limits", f"Units of one holding: {en}.", f"1保有の口数: {ja}。")


def _countries(view: CountriesView, scope: str | None = None) -> Iterator[Ruling]:
    listed = country_list(view.countries)
    if listed and view.admitted:
        yield _scoped(scope, "countries", f"Only investors of {listed} receive.", f"取得者の国は {listed} に限る。")
    elif listed:
        yield _scoped(scope, "countries", f"Investors of {listed} do not receive.", f"国 {listed} の者は取得できない。")


def _window(window: structs.Window, scope: str | None = None) -> Iterator[Ruling]:
    if any(window.values()):
        en, ja = window_in_words(window, "en"), window_in_words(window, "ja")
        yield _scoped(scope, "window", f"Units are transferred {en}.", f"移転できる時期: {ja}。")


def _rest(rules: FurtherRules) -> Iterator[Ruling]:
    if rules.closed_period:
        en, ja = span_in_words(rules.closed_period)
        yield Ruling("closed_period", f"Nothing is transferred in the {en} before a record date.",
                     f"各基準日前 {ja}は移転できない。")  # fmt: skip
    if rules.sanctions_oracle:
        yield Ruling("sanctions", f"Neither side is on the list {rules.sanctions_oracle}.",
                     f"双方が制裁対象リスト {rules.sanctions_oracle} に掲載されていないこと。")  # fmt: skip
    for rule in rules.rules:
        yield Ruling("further_rules", f"The rule {rule} does not refuse.", f"外部ルール {rule} が拒否しないこと。")


def _scoped(scope: str | None, what: str, en: str, ja: str) -> Ruling:
    return Ruling(what, f"{scope}: {en}", f"{scope}: {ja}") if scope else Ruling(what, en, ja)


def _terms(terms: structs.Terms, partitions: Sequence[str]) -> Iterator[Ruling]:
    """What a token is, without its rules and its treasury."""
    values: dict[str, object] = {
        "name": terms.name,
        "symbol": terms.symbol,
        "instrument": Instrument(terms.instrument).name,
        "category": LegalCategory(terms.category).name,
        "identifier": terms.identifier.decode("ascii"),
        "currency": terms.currency.decode("ascii"),
        "face_value": terms.face_value,
        "decimals": terms.decimals,
        "authorised_units": terms.authorised_units,
        "partitions": " ".join(partitions),
    }
    for what, value in values.items():
        yield Ruling(what, str(value), str(value))


def _documents(documents: Iterable[Document | DocumentView]) -> Iterator[Ruling]:
    for document in documents:
        words = f"{document.name} ({document.uri}, SHA-256 {document.sha256.hex()})"
        yield Ruling("documents", words, words)


# --- inside -----------------------------------------------------------------------------------------------------------


def _only(what: str, here: Iterable[Ruling], there: Iterable[Ruling]) -> tuple[Ruling, ...]:
    known = set(there)
    return tuple(ruling for ruling in here if ruling.what == what and ruling not in known)


def _holders(token: Token, event: str) -> tuple[tuple[str, Address], ...]:
    """Partition and holder of every single holding that ever got such a rule of its own."""
    found = abi_of("SecurityToken").event(event)
    logs = token.connection.logs([token.address], token.deployment.block_number, topics=found.topics())
    values = (found.decode(log) for log in logs)
    scopes = ((partition_name(each["partition"]), each["holder"]) for each in values if int(each["holder"], 16))
    return tuple(dict.fromkeys(scopes))
