"""The story begins: the system, its investors, two securities, their first distribution."""

from __future__ import annotations

from datetime import date

from stotoken.client.token import terms_from
from stotoken.conformance.evidence import Text
from stotoken.conformance.witness import Person
from stotoken.demo.story import (
    BOND,
    SHARE,
    Security,
    Story,
    rows_of,
)
from stotoken.errors import InputError
from stotoken.jobs import Job, Row
from stotoken.jobs.reading import registering
from stotoken.terms import DEFAULT_PARTITION, TokenSpec
from stotoken.types import Address, Units, partition_id

#: What the investors with keys subscribe for, beside those of the files: bond, share.
SUBSCRIBED = {"alice": (40, 3_000), "bob": (25, 1_200), "carol": (10, 800), "dave": (5, 600)}


def deployed(story: Story) -> None:
    stage = story.stage
    story.teller.chapter("The system is deployed", "基幹システムの展開", stage.now)
    addresses = stage.deployment.addresses
    story.teller.say(
        f"{len(addresses)} contracts on chain {stage.deployment.chain_id}, the core system at "
        f"{addresses['CoreSystem']}. {len(stage.matrix.rows)} rows of the role matrix are set, each role has its "
        "person, and the deployer keeps no right at all.",
        f"チェーン{stage.deployment.chain_id}に{len(addresses)}個のコントラクトを展開した(基幹システム "
        f"{addresses['CoreSystem']})。権限表{len(stage.matrix.rows)}行を設定し、各役割を別の者が担い、"
        "展開者には一切の権限が残らない。",
    )


def registered(story: Story) -> None:
    stage, investors = story.stage, story.inputs.investors
    story.teller.chapter("Investors are registered", "投資者の登録 (6.3.1)", stage.now)
    people = len({investor.investor_id for investor in investors})
    story.teller.say(
        f"investors.csv: {len(investors):,} wallets of {people:,} investors. Only opaque ids, classes, country and "
        "validity go on chain; names stay in the file.",
        f"investors.csv: 投資者{people:,}名、ウォレット{len(investors):,}件。チェーンに載るのは無作為なID・区分・国・"
        "有効期限のみで、氏名等は載らない。",
    )
    story.run(registering(stage.deployment.system, investors), stage.compliance)
    story.teller.say(
        "Four more investors, A to D, whose keys the story holds, so that they can act.",
        "ほかに、本実演が鍵を持つ投資者A~Dの4名が登場する。",
    )


def issued(story: Story) -> None:
    story.teller.chapter("Two securities are issued", "発行 (6.1.1.1)", story.stage.now)
    second = story.stage.newcomer(Text("Shirakaba's treasury", "白樺食品の口座"))
    story.stage.treasury.name = Text("Aoba's treasury", "青葉電機の口座")
    story.bond = _created(story, BOND, story.inputs.bond, story.stage.treasury)
    story.share = _created(story, SHARE, story.inputs.share, second)
    _issue(story, story.bond, DEFAULT_PARTITION, sum(units for _, units in _rows(story, story.bond)))
    _issue(story, story.share, DEFAULT_PARTITION, sum(units for _, units in _rows(story, story.share)) + 50_000)
    _issue(story, story.share, "class-a", sum(units for _, units in rows_of(story.inputs.share_allotments, "class-a")))
    refused = story.inputs.folder / "refused" / "pro-open-to-all.yaml"
    with story.stage.check(
        "Terms that contradict the law are refused before anything is sent.",
        "法令に反する発行条件は、送信前に拒否される。",
        clause="6.1.1.1",
    ) as check:
        check.refused(InputError, lambda: TokenSpec.from_file(refused))
        said = check.said
    story.teller.say(*said)


def distributed(story: Story) -> None:
    story.until(date(2026, 4, 1))
    story.teller.chapter("The units are distributed", "配布 (6.1.1.2)", story.stage.now)
    _distribute(story, story.bond, DEFAULT_PARTITION, _rows(story, story.bond))
    _distribute(story, story.share, DEFAULT_PARTITION, _rows(story, story.share))
    preferred = [row for row in story.inputs.share_allotments if row.partition == "class-a"]
    _distribute(story, story.share, "class-a", rows_of(preferred, "class-a"))
    last = max((row.lockup_until for row in preferred if row.lockup_until), default=None)
    if last is None:
        return
    token, stage = story.share.token, story.stage
    locked = stage.figure(
        "preferred shares locked up", "優先株式のロックアップ",
        lambda: token.can_transfer(preferred[0].wallet, stage.alice.address, 1, "class-a") is not None,
    )  # fmt: skip
    with stage.check(
        f"The preferred shares are locked up until {last} is over, longer than the ordinary ones.",
        f"優先株式は普通株式より長く、{last} の終了までロックアップされる。",
        locked.becomes(True),
        clause="6.1.1.7",
    ):
        stage.order(token.set_lockup(last, "class-a"))


def _created(story: Story, name: Text, spec: TokenSpec, treasury: Person) -> Security:
    stage = story.stage
    tokens = stage.figure("tokens of the system", "システムのトークン数", lambda: len(stage.system.tokens()))
    with stage.check(
        f"{spec.name} ({spec.symbol}): created from {name.en}.yaml by two people, {spec.authorised_units:,} units "
        "authorised, its document attached by hash.",
        f"{spec.name}({spec.symbol}): {name.en}.yaml から二者の手続で作成。発行可能数 {spec.authorised_units:,} 口、"
        "文書をハッシュで添付。",
        tokens.becomes(len(stage.system.tokens()) + 1),
        clause="6.1.1.1",
    ) as check:
        token = stage.system.created(stage.order(stage.system.create_token(terms_from(spec, treasury.address))))
        for document in spec.documents:
            token.by(stage.issuer).set_document(document.name, document.uri, document.sha256)
        kept = token.terms()
        if (kept.name, kept.authorised_units, kept.maturity) != (spec.name, spec.authorised_units, spec.matures_at):
            check.fault("The terms on chain are not those of the file.")
    return story.security(name, spec, token, treasury)


def _issue(story: Story, security: Security, partition: str, units: Units) -> None:
    stage, treasury = story.stage, security.treasury
    if units == 0:
        return
    with stage.check(
        f"{units:,} units of the {security.name.en}{_of(partition)} are issued to its treasury by an order.",
        f"{security.name.ja}{_of(partition)} {units:,} 口を、命令により発行者口座へ発行する。",
        security.units(treasury, partition).goes(0, units),
        clause="6.1.1.1",
    ):
        stage.order(security.token.issue(treasury.address, units, partition))


def _distribute(story: Story, security: Security, partition: str, rows: list[tuple[Address, Units]]) -> None:
    stage, token, treasury = story.stage, security.token, security.treasury
    if not rows:
        return
    total = sum(units for _, units in rows)
    held = token.balance_of(treasury.address, partition)
    received = stage.figure(
        "units of the receivers", "受領者の口数",
        lambda: sum(security.balances([wallet for wallet, _ in rows], partition)),
    )  # fmt: skip
    story.teller.say(
        f"{security.spec.symbol}{_of(partition)}: {total:,} units to {len(rows):,} wallets.",
        f"{security.spec.symbol}{_of(partition)}: {len(rows):,} 件のウォレットへ {total:,} 口。",
    )
    with stage.check(
        f"All {len(rows):,} rows arrived, within what was allotted by an order.",
        f"命令による割当の範囲内で、{len(rows):,} 行すべてが配布された。",
        security.units(treasury, partition).goes(held, held - total), received.goes(0, total),
        clause="6.1.1.2",
    ):  # fmt: skip
        stage.order(token.allot(total, partition))
        lines = tuple(Row(0, wallet, units, partition_id(partition)) for wallet, units in rows)
        story.run(Job.of("distribute", token.address, lines), stage.agent)


def _rows(story: Story, security: Security) -> list[tuple[Address, Units]]:
    """The rows of the file and of the investors with keys."""
    bond = security.name is BOND
    allotments = story.inputs.bond_allotments if bond else story.inputs.share_allotments
    keyed = [(story.stage.person(name).address, units[not bond]) for name, units in SUBSCRIBED.items()]
    return [*rows_of(allotments, DEFAULT_PARTITION), *keyed]


def _of(partition: str) -> str:
    return "" if partition == DEFAULT_PARTITION else f" {partition}"
