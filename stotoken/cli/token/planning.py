"""What terms will do before anything is sent, and how a token stands afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

import click

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.report import Pair, Report
from stotoken.cli.token import COMMAND

if TYPE_CHECKING:
    from stotoken.client.rulings import Difference, Ruling
    from stotoken.client.token import Token
    from stotoken.deploy import MatrixRow
    from stotoken.terms import TokenSpec
    from stotoken.types import Role


@COMMAND.told("plan")
@click.argument("spec", metavar="YAML")
def plan(app: App, spec: str) -> Report:
    """What terms will do: the law's floor, every rule, the orders they need. Sends nothing and needs no node."""
    from stotoken.client import rulings
    from stotoken.law import FLOORS
    from stotoken.terms import TokenSpec

    terms = TokenSpec.from_file(spec)
    floor = FLOORS[terms.category]
    found = {
        "instrument": terms.instrument.name.lower(),
        "identifier": terms.identifier,
        "currency": terms.currency,
        "face_value": terms.face_value,
        "authorised_units": terms.authorised_units,
        "partitions": " ".join(terms.partitions),
        "category": terms.category.name,
        "floor": _floor(terms, app.lang),
        "because": floor.ja if app.lang == "ja" else floor.en,
        "rules": _in_words(rulings.of_spec(terms), app.lang),
    }
    return Report(
        Pair(f"{terms.symbol}: {terms.name}. Nothing was sent.", f"{terms.symbol}: {terms.name}(何も送信していません)"),
        found, rows=list(_steps(terms, app.lang)), rows_name="orders",
        then=Pair(f"Next: stotoken token create {spec} --treasury ADDRESS --document FILE",
                  f"次に: stotoken token create {spec} --treasury ADDRESS --document FILE"),
    )  # fmt: skip


@COMMAND.told("show")
@values.the_token
@click.option("--spec", metavar="YAML", help="Also tell where the token differs from these terms.")
def show(app: App, token: str, spec: str | None) -> Report:
    """What a token is, how it stands, and every rule it is judged by."""
    from stotoken.client import rulings
    from stotoken.terms import TokenSpec

    client = app.token(token)
    found = _standing(client) | {"rules": _in_words(rulings.on_chain(client), app.lang)}
    symbol, name = client.symbol(), client.name()
    said = Pair(f"{symbol}: {name}", f"{symbol}: {name}")
    if spec is not None:
        differing = rulings.differences(TokenSpec.from_file(spec), client)
        found["difference"] = [_told(each, app.lang) for each in differing] if app.as_json else _beside(differing, app)
        much = f"{len(differing)} difference{'' if len(differing) == 1 else 's'}" if differing else "no difference"
        said = Pair(f"{said.en}; {much} from {spec}.", f"{said.ja}({spec} との相違 {len(differing)} 件)")
    rows = [
        {"partition": partition, "units": client.total_supply(partition), "allotted": client.allotted(partition)}
        for partition in client.partitions()
    ]
    return Report(said, found, rows=rows, rows_name="partitions")


def _standing(client: Token) -> dict[str, object]:
    terms, policy = client.terms(), client.policy()
    return {
        "token": client.address,
        "name": terms.name,
        "symbol": terms.symbol,
        "identifier": terms.identifier,
        "units": client.total_supply(),
        "authorised_units": client.authorised_units(),
        "holder_count": client.holder_count(),
        "epoch": client.current_epoch(),
        "locked_until": policy.locked_until,
        "maturity": policy.maturity,
        "paused": policy.paused,
        "closed": not client.is_issuable(),
        "documents": [document.name for document in client.documents()],
    }


def _in_words(found: Iterable[Ruling], lang: str) -> dict[str, list[str]]:
    """Each rule with a sentence for each of its scopes."""
    words: dict[str, list[str]] = {}
    for ruling in found:
        words.setdefault(ruling.what, []).append(ruling.text(lang))
    return words


def _floor(terms: TokenSpec, lang: str) -> list[str]:
    """What the law asks at least of the category."""
    from stotoken.law import FLOORS

    floor = FLOORS[terms.category]
    classes = "+".join(found.name or "" for found in floor.classes or ())
    found = [
        Pair(f"only {classes} may receive", f"取得者は {classes} に限る") if classes else None,
        Pair(f"at most {floor.holder_cap} holders", f"保有者は {floor.holder_cap} 名以下")
        if floor.holder_cap
        else None,
        Pair("the issuer approves every transfer", "移転の都度の発行者承認") if floor.approval_required else None,
        Pair("whole holdings only", "一括移転のみ") if floor.whole_only else None,
    ]
    return [pair.in_(lang) for pair in found if pair] or [Pair("none", "なし").in_(lang)]


def _steps(terms: TokenSpec, lang: str) -> Iterable[dict[str, object]]:
    """Every act that the terms need, with who may do it."""
    from stotoken.client.rulings import orders_after_creation
    from stotoken.deploy import Matrix

    matrix = Matrix.load()
    create = Pair("Create the token of these terms.", "この条件のトークンを作成する。")
    yield _step(create.in_(lang), matrix.row("core_system", "createToken"))
    for document in terms.documents:
        attach = Pair(f"Attach the document {document.name}.", f"文書 {document.name} を添付する。")
        yield _step(attach.in_(lang), matrix.row("token", "setDocument"))
    for function, act in orders_after_creation(terms):
        yield _step(act.text(lang), matrix.row("token", function))


def _step(act: str, row: MatrixRow) -> dict[str, object]:
    return {
        "function": row.function.name,
        "proposers": _names(row.proposers or row.executors),
        "approvers": _names(row.approvers),
        "delay": row.delay,
        "act": act,
    }


def _names(roles: Iterable[Role]) -> list[str]:
    return [role.name for role in sorted(roles)]


def _told(difference: Difference, lang: str) -> Mapping[str, object]:
    return {
        "what": difference.what,
        "spec": [ruling.text(lang) for ruling in difference.spec],
        "chain": [ruling.text(lang) for ruling in difference.chain],
    }


def _beside(differing: Iterable[Difference], app: App) -> dict[str, object]:
    spec, chain = Pair("spec", "条件"), Pair("chain", "チェーン")
    return {
        each.what: [
            f"{side.in_(app.lang)}: {' '.join(ruling.text(app.lang) for ruling in found) or '-'}"
            for side, found in ((spec, each.spec), (chain, each.chain))
        ]
        for each in differing
    }
