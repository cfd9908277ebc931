"""Questions about a token; none needs a key."""

from __future__ import annotations

from stotoken.cli import values
from stotoken.cli.app import App
from stotoken.cli.ledger.reporting import replayed
from stotoken.cli.report import Pair, Report, values_of
from stotoken.cli.token import COMMAND
from stotoken.cli.token.registers import registers_of
from stotoken.types import Address, Bytes32, Instrument, InvestorClass, LegalCategory, Units, parse_bytes32, to_hex


@COMMAND.told("list")
def list_tokens(app: App) -> Report:
    """All tokens of the system, in order of creation."""
    rows = [
        {
            "token": token.address,
            "symbol": (terms := token.terms()).symbol,
            "identifier": terms.identifier,
            "name": terms.name,
            "units": token.total_supply(),
            "paused": token.paused(),
        }
        for token in app.system().tokens()
    ]
    return Report(Pair(f"{len(rows)} tokens.", f"トークン {len(rows)} 件。"), rows=rows, rows_name="tokens")


@COMMAND.told("terms")
@values.the_token
def terms(app: App, token: str) -> Report:
    """The terms as they are now."""
    found = app.token(token).terms()
    shown = values_of(found) | {
        "instrument": Instrument(found.instrument),
        "category": LegalCategory(found.category),
        "receive_classes": InvestorClass(found.receive_classes),
    }
    return Report(Pair(f"Terms of {found.symbol}.", f"{found.symbol} の条件"), shown)


@COMMAND.told("balance")
@values.the_token
@values.address_argument("holder")
@values.some_partition
@values.record_date
def balance(app: App, token: str, holder: Address, partition: str | None, record_date: int | None) -> Report:
    """What a wallet holds, now or at a record date."""
    client = app.token(token)
    partitions = [partition] if partition else client.partitions()
    if record_date is not None:
        rows: list[dict[str, object]] = [
            {"partition": name, "units": client.balance_at(holder, record_date, name)} for name in partitions
        ]
    else:
        rows = [{"partition": name, **values_of(client.holding_of(holder, name))} for name in partitions]
    units = sum(int(str(row["units"])) for row in rows)
    return Report(
        Pair(f"{holder} holds {units} units.", f"{holder} の保有は {units} 口です。"),
        {"holder": holder, "units": units, "record_date": record_date},
        rows=rows,
        rows_name="holdings",
    )


@COMMAND.told("lots")
@values.the_token
@values.address_argument("holder")
@values.the_partition
def lots(app: App, token: str, holder: Address, partition: str) -> Report:
    """The lots of a holding as they were locked; one that has ended stays listed until the holding next moves."""
    found = app.token(token).lots_of(holder, partition)
    rows = [{"lot": place, **values_of(lot)} for place, lot in enumerate(found)]
    return Report(Pair(f"{len(rows)} lots.", f"ロット {len(rows)} 件。"), rows=rows, rows_name="lots")


@COMMAND.told("reversed")
@values.the_token
@values.argument("move", values.log_ref, metavar="TX_HASH:LOG_INDEX")
def reversed_units(app: App, token: str, move: values.LogRef) -> Report:
    """What was returned of an earlier transfer, and what is left to return."""
    from stotoken.client.proofs import prove_transfer

    client = app.token(token)
    proof = prove_transfer(client.deployment, client.connection, client.address, *move)
    units = client.reversed(proof.origin)
    left = proof.units_today - units
    return Report(
        Pair(f"{units} units were returned, {left} are left to return.", f"返還済み {units} 口、返還可能 {left} 口。"),
        {"units": units, "left": left, "origin": proof.origin},
    )


@COMMAND.told("holders")
@values.the_token
@values.as_of
@values.record_date
def holders(app: App, token: str, as_of: int | None, record_date: int | None) -> Report:
    """The register: every holding, replayed from events."""
    register = replayed(app, token)
    held = register.holdings(as_of) if record_date is None else register.at_record_date(record_date)
    names = ("investor", "wallet", "partition", "units", "frozen", "locked", "requested", "free", "lost")
    rows = [{name: getattr(each, name) for name in names} for each in held]
    units = sum(each.units for each in held)
    return Report(
        Pair(f"{len(rows)} holdings of {units} units.", f"保有 {len(rows)} 件、計 {units} 口。"),
        {"holders": len({each.wallet for each in held}), "units": units},
        rows=rows,
        rows_name="holdings",
    )


@COMMAND.told("can-transfer")
@values.the_token
@values.address_argument("from_")
@values.address_argument("to")
@values.the_units
@values.the_partition
def can_transfer(app: App, token: str, from_: Address, to: Address, units: Units, partition: str) -> Report:
    """Whether a transfer would happen now, and if not, why."""
    client = app.token(token)
    status, reason = client.transfer_status(from_, to, units, partition)
    refusal = client.can_transfer(from_, to, units, partition)
    said = (
        Pair("The transfer would happen.", "移転できます。")
        if refusal is None
        else Pair(f"The transfer would be refused: {refusal.message_en}", f"移転できません: {refusal.message_ja}")
    )
    found = {
        "can": refusal is None,
        "status": f"0x{status:02x}",
        "reason": reason,
        "error": type(refusal).__name__ if refusal else None,
        "clause": refusal.clause if refusal else None,
    }
    return Report(said, found)


@COMMAND.told("allowance")
@values.the_token
@values.address_argument("owner")
@values.address_argument("spender")
def allowance(app: App, token: str, owner: Address, spender: Address) -> Report:
    """What a spender may move of an owner's units, and whether it is the owner's operator."""
    client = app.token(token)
    units, operator = client.allowance(owner, spender), client.is_operator(spender, owner)
    said = Pair(f"{spender} may move {units} units of {owner}.", f"{spender} は {owner} の {units} 口を移転できます。")
    return Report(said, {"owner": owner, "spender": spender, "units": units, "operator": operator})


@COMMAND.told("calendar")
@values.the_token
def calendar(app: App, token: str) -> Report:
    """Splits and record dates, those ahead included."""
    client = app.token(token)
    epochs, current = client.epochs(), client.current_epoch()
    rows = [
        {
            "epoch": number,
            "start": epoch.start,
            "factor": epoch.factor,
            "record_date": bool(number) and epoch.record_dates > epochs[number - 1].record_dates,
        }
        for number, epoch in enumerate(epochs)
    ]
    return Report(Pair(f"The token is in epoch {current}.", f"現在のエポックは {current} です。"),
                  {"epoch": current}, rows=rows, rows_name="epochs")  # fmt: skip


@COMMAND.told("documents")
@values.the_token
def documents(app: App, token: str) -> Report:
    """The documents that belong to the security."""
    rows = [values_of(document) for document in app.token(token).documents()]
    return Report(Pair(f"{len(rows)} documents.", f"文書 {len(rows)} 件。"), rows=rows, rows_name="documents")


@COMMAND.told("request-show")
@values.the_token
@values.argument("request", values.number)
def request_show(app: App, token: str, request: int) -> Report:
    """One transfer request."""
    found = app.token(token).transfer_request(request)
    if found is None:
        return Report(Pair(f"There is no open transfer request {request}.", f"移転請求 {request} はありません。"),
                      {"request": request, "open": False})  # fmt: skip
    return Report(Pair(f"Transfer request {request} is open.", f"移転請求 {request}"),
                  {"request": request, "open": True, **values_of(found),
                   "deadline": registers_of(app, token).deadline_of(found)})  # fmt: skip


@COMMAND.told("loss")
@values.the_token
@values.argument("loss", parse_bytes32)
def loss(app: App, token: str, loss: Bytes32) -> Report:
    """One recorded loss."""
    found = app.token(token).loss(loss)
    if found is None:
        return Report(Pair(f"No loss {to_hex(loss)} is recorded.", f"消失記録 {to_hex(loss)} はありません。"),
                      {"id": loss, "recorded": False})  # fmt: skip
    status = {1: "reported", 2: "made good", 3: "dismissed"}.get(found.status, str(found.status))
    return Report(Pair(f"The loss is {status}.", f"消失記録: {status}"),
                  {"id": loss, "recorded": True, **values_of(found), "status": status})  # fmt: skip
