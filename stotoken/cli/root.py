"""Where the command line starts: the nouns, the global options, and what becomes of every error."""

from __future__ import annotations

import importlib
import json
import os
import sys
import textwrap
import traceback
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, cast

import click

from stotoken import __version__
from stotoken.cli.app import App
from stotoken.cli.frame import Group, global_options
from stotoken.errors import InputError, NodeError, OutcomeUnknown, Reverted, StotokenError

INTERRUPTED, CRASHED = 130, 70
EXIT_CODES = (
    ("0", "done"),
    ("1", "a check failed: artifacts, conformance, governance or custody that differs from the chain"),
    ("2", "wrong input: an argument, a file (with row and column), a value the chain turned down"),
    ("3", "wrong setting: another chain, a missing key, no or an unfinished deployment, a governance file"),
    ("4", "the node is down, or refuses the request"),
    ("5", "sent, and no receipt came: it may still be mined, do not repeat it blindly"),
    ("6", "done, but the result could not be written"),
    ("7", "who keeps the key is out of reach, refuses, or gave back something else than was asked; nothing was sent"),
    ("8", "a request was written: have it signed or approved, then run the same again"),
    ("9", "the signing policy or a limit of custody does not allow it; nothing was signed"),
    ("10", "refused by a rule, a restriction or a halt"),
    ("11", "not authorised"),
    ("12", "the holdings do not allow it"),
    ("13", "not in this state of the token, the order or the system"),
    ("14", "a failed assertion inside a contract"),
    ("15", "refused for a reason that is not known"),
    ("20", "the register is behind the chain, or differs from it"),
    ("21", "blocks that were read are no longer part of the chain"),
    ("70", "a fault of this program; STOTOKEN_DEBUG=1 shows where"),
    ("130", "interrupted, and nothing was sent; or the same command goes on where it stopped"),
)


class Noun(NamedTuple):
    """What the list of commands says of a noun, so that its module need not be imported for it."""

    module: str
    help: str
    verbs: str = ""


NOUNS = {
    "compile": Noun("compile", "Bring artifacts, errors and bindings in step with the contracts."),
    "node": Noun("node", "Run a local chain in the foreground."),
    "deploy": Noun("deploy", "A system on a chain.", "plan apply show verify"),
    "system": Noun(
        "system", "The whole system and its halt.", "status halt resume set-implementation grant-role revoke-role"
    ),
    "investor": Noun("investor", "Wallets and what is known of them.", "register show freeze unfreeze"),
    "token": Noun(
        "token",
        "One security.",
        "list plan show terms balance lots reversed holders can-transfer explain allowance calendar documents "
        "request-show loss requests enforcement losses reversals "
        "create issue issue-batch allot distribute treasury raise-authorised finalize policy document remove-document "
        "transfer transfer-batch redeem approve permit sign-permit authorize-operator revoke-operator "
        "request approve-request reject-request cancel-request "
        "lock lock-lot release-lot freeze unfreeze pause unpause "
        "limits countries window closed-period sanctions rules split record-date cancel-date "
        "force redeem-forced redeem-matured report-loss dismiss-loss reissue reverse",
    ),
    "order": Noun("order", "Acts that need two people.", "list show approve execute veto"),
    "gov": Noun(
        "gov", "Who may do what: a file, the chain, and the way there.", "matrix diff plan apply access-review"
    ),
    "ledger": Noun(
        "ledger",
        "The register, replayed from events.",
        "register holdings lineage supply diff export certificate verify reconcile",
    ),
    "key": Noun("key", "Who signs: keys, requests from other machines, the signing log.", "new show health sign log"),
    "custody": Noun(
        "custody", "Wallets in custody: tiers, limits, approvals.", "show approve freeze unfreeze reconcile"
    ),
    "conformance": Noun("conformance", "Run every clause of the guideline on a fresh local chain."),
    "demo": Noun("demo", "Tell a security's whole life on a fresh local chain."),
}


class Root(Group):
    """Loads a noun's commands when it is used, and turns every error into one sentence and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(NOUNS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in NOUNS:
            return None
        module = importlib.import_module(f"stotoken.cli.{NOUNS[cmd_name].module}")
        return cast("click.Command", module.COMMAND)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, noun.help) for name, noun in NOUNS.items() if not noun.verbs])
        for name, noun in NOUNS.items():
            if noun.verbs:
                indent = " " * 4
                verbs = textwrap.fill(
                    noun.verbs.replace(" ", ", "),
                    formatter.width,
                    initial_indent=indent,
                    subsequent_indent=indent,
                    break_on_hyphens=False,
                )
                formatter.write(f"\n  {name}: {noun.help}\n{verbs}\n")

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Exit codes"):
            formatter.write_dl(EXIT_CODES)

    def main(
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        complete_var: str | None = None,
        standalone_mode: bool = True,
        **extra: Any,
    ) -> Any:
        """Always ends in `SystemExit`; what click would let its caller choose has no use here."""
        given = sys.argv[1:] if args is None else list(args)
        app = App()
        try:
            code = self._run(app, given, prog_name)
        finally:
            app.close()
        sys.exit(code)

    def _run(self, app: App, given: list[str], prog_name: str | None) -> int:
        try:
            code = super().main(given, prog_name, standalone_mode=False, obj=app)
        except click.Abort:
            return _interrupted(app, given)
        except click.ClickException as error:
            if _wants_json(app, given):
                said = dict.fromkeys(("en", "ja"), error.format_message())
                _complain(app, given, type(error).__name__, said, error.exit_code)
            else:
                error.show()
            return error.exit_code
        except StotokenError as failure:
            found = _after_sending(app, failure)
            if _wants_json(app, given):
                click.echo(json.dumps(found.to_dict(), ensure_ascii=False, default=str), err=True)
            else:
                click.echo(_sentence(found, app.lang), err=True)
            return found.exit_code
        except Exception as fault:  # a person gets a sentence; the traceback, which may hold anything, on request
            if os.environ.get("STOTOKEN_DEBUG"):
                raise
            return _crashed(app, given, fault)
        return code if isinstance(code, int) else 0


def _interrupted(app: App, given: list[str]) -> int:
    """Say what became of what was asked, and whether to ask again."""
    tx_hash = app.handed_over
    if app.resumes:
        en = "Interrupted. What was sent before may still be mined; the same command goes on where this one stopped."
        ja = "中断しました。送信済みの取引は取り込まれる可能性があります。同じコマンドで続きから再開できます。"
    elif tx_hash:
        en = f"Interrupted, but transaction {tx_hash} was sent. It may still be mined: look it up, do not repeat it."
        ja = f"中断しましたが、取引 {tx_hash} は送信済みです。再実行せず、結果を確認してください。"
        return _complain(app, given, OutcomeUnknown.__name__, {"en": en, "ja": ja}, OutcomeUnknown.exit_code)
    else:
        en, ja = "Interrupted; nothing was sent.", "中断しました。何も送信していません。"
    return _complain(app, given, "Interrupted", {"en": en, "ja": ja}, INTERRUPTED)


def _crashed(app: App, given: list[str], fault: Exception) -> int:
    """Name the fault and its place; not its message, which may hold anything that was given."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    where = f"{type(fault).__name__}, {os.path.basename(place.filename)}:{place.lineno}"
    if app.resumes:
        sent = {"en": "The same command goes on where this one stopped.", "ja": "同じコマンドで続きから再開できます。"}
    elif tx_hash := app.handed_over:
        en = f"Transaction {tx_hash} was sent: look it up, do not repeat it."
        sent = {"en": en, "ja": f"取引 {tx_hash} は送信済みです。再実行せず、結果を確認してください。"}
    else:
        sent = {"en": "Nothing was sent.", "ja": "何も送信していません。"}
    said = {
        "en": f"This program has a fault ({where}). {sent['en']} STOTOKEN_DEBUG=1 shows the whole traceback.",
        "ja": f"プログラムの不具合です({where})。{sent['ja']}STOTOKEN_DEBUG=1 で詳細を表示します。",
    }
    return _complain(app, given, "Crashed", said, CRASHED)


def _after_sending(app: App, error: StotokenError) -> StotokenError:
    """A node that fails once it has the transaction leaves the outcome unknown: nothing says that it failed."""
    tx_hash = app.handed_over
    told = isinstance(error, Reverted) or not isinstance(error, NodeError | InputError)
    if tx_hash is None or app.resumes or told:
        return error
    return OutcomeUnknown(f"Transaction {tx_hash} was sent: look it up, do not repeat it. {error}", tx_hash=tx_hash)


def _sentence(error: StotokenError, lang: str) -> str:
    if not isinstance(error, Reverted):
        return error.message(lang)
    if lang == "ja":
        sent = f"取引 {error.tx_hash} は失敗しました" if error.tx_hash else "送信されていません"
        return f"{error.message(lang)}({f'条項 {error.clause}、' if error.clause else ''}{sent})"
    sent = f"Transaction {error.tx_hash} failed." if error.tx_hash else "Nothing was sent."
    return f"{error.message(lang)}{f' Clause {error.clause}.' if error.clause else ''} {sent}"


def _wants_json(app: App, given: list[str]) -> bool:
    """Also when the command line could not be read as far as the option."""
    return app.as_json or "--json" in given


def _complain(app: App, given: list[str], kind: str, said: Mapping[str, str], code: int) -> int:
    """Tell what ended the command in the language asked for; the exit code."""
    sentence = said[app.lang]
    if _wants_json(app, given):
        found = {"error": kind, "exit_code": code, "message": sentence, "tx_hash": app.handed_over}
        sentence = json.dumps(found, ensure_ascii=False)
    click.echo(sentence, err=True)
    return code


def _show_version(ctx: click.Context, param: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"stotoken {__version__}")
        ctx.exit()


_VERSION = click.Option(
    ["--version"], is_flag=True, expose_value=False, is_eager=True, callback=_show_version, help="Show the version."
)
cli = Root(
    "stotoken",
    help="Issue security tokens and keep their register on a consortium EVM chain.\n\n"
    "Global options may stand anywhere. `stotoken NOUN --help` and `stotoken NOUN VERB --help` say more.",
    params=[*global_options(), _VERSION],
)


def main() -> None:
    cli.main(prog_name="stotoken")
