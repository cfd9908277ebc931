"""Where the command line starts: the nouns, the global options, and what becomes of every error."""

from __future__ import annotations

import importlib
import json
import sys
import textwrap
from collections.abc import Sequence
from typing import Any, NamedTuple, cast

import click

from stotoken import __version__
from stotoken.cli.app import App
from stotoken.cli.frame import Group, global_options
from stotoken.errors import Reverted, StotokenError

INTERRUPTED = 130
EXIT_CODES = (
    ("0", "done"),
    ("1", "a check failed: artifacts, conformance, governance that differs from the chain"),
    ("2", "wrong input: an argument, a file (with row and column), a value the chain turned down"),
    ("3", "wrong setting: another chain, a missing key, no or an unfinished deployment, a governance file"),
    ("4", "the node is down, or refuses the request"),
    ("5", "sent, and no receipt came: it may still be mined, do not repeat it blindly"),
    ("10", "refused by a rule, a restriction or a halt"),
    ("11", "not authorised"),
    ("12", "the holdings do not allow it"),
    ("13", "not in this state of the token, the order or the system"),
    ("14", "a failed assertion inside a contract"),
    ("15", "refused for a reason that is not known"),
    ("20", "the register is behind the chain, or differs from it"),
    ("21", "blocks that were read are no longer part of the chain"),
    ("130", "interrupted"),
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
    "system": Noun("system", "The whole system and its halt.", "status halt resume"),
    "investor": Noun("investor", "Wallets and what is known of them.", "register show freeze unfreeze"),
    "token": Noun(
        "token",
        "One security.",
        "list show terms balance holders can-transfer allowance calendar documents request-show loss "
        "create issue issue-batch allot distribute treasury raise-authorised finalize policy document remove-document "
        "transfer transfer-batch redeem approve permit sign-permit authorize-operator revoke-operator "
        "request approve-request reject-request cancel-request "
        "lock lock-lot release-lot freeze unfreeze pause unpause split record-date cancel-date "
        "force redeem-forced redeem-matured report-loss dismiss-loss reissue reverse",
    ),
    "order": Noun("order", "Acts that need two people.", "list show approve execute veto"),
    "gov": Noun(
        "gov", "Who may do what: a file, the chain, and the way there.", "matrix diff plan apply access-review"
    ),
    "ledger": Noun("ledger", "The register, replayed from events.", "register reconcile"),
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
            _complain(app, given, "Interrupted", _INTERRUPTED[app.lang], INTERRUPTED)
            return INTERRUPTED
        except click.ClickException as error:
            if _wants_json(app, given):
                _complain(app, given, type(error).__name__, error.format_message(), error.exit_code)
            else:
                error.show()
            return error.exit_code
        except StotokenError as error:
            if _wants_json(app, given):
                click.echo(json.dumps(error.to_dict(), ensure_ascii=False, default=str), err=True)
            else:
                click.echo(_sentence(error, app.lang), err=True)
            return error.exit_code
        return code if isinstance(code, int) else 0


_INTERRUPTED = {
    "en": "Interrupted. What was sent before may still be mined; the same command goes on where this one stopped.",
    "ja": "中断しました。送信済みの取引は取り込まれる可能性があります。同じコマンドで続きから再開できます。",
}


def _sentence(error: StotokenError, lang: str) -> str:
    if not isinstance(error, Reverted):
        return error.message(lang)
    if error.tx_hash is None:
        return error.message(lang) + ("(送信されていません)" if lang == "ja" else " Nothing was sent.")
    mined = f"(取引 {error.tx_hash} は失敗しました)" if lang == "ja" else f" Transaction {error.tx_hash} failed."
    return error.message(lang) + mined


def _wants_json(app: App, given: list[str]) -> bool:
    """Also when the command line could not be read as far as the option."""
    return app.as_json or "--json" in given


def _complain(app: App, given: list[str], kind: str, sentence: str, code: int) -> None:
    if _wants_json(app, given):
        sentence = json.dumps({"error": kind, "exit_code": code, "message": sentence}, ensure_ascii=False)
    click.echo(sentence, err=True)


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
