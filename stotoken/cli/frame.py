"""Commands and groups: global options anywhere, a result that is told, amounts that are never taken for options."""

from __future__ import annotations

import functools
import importlib
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

import click

from stotoken.cli.app import App
from stotoken.errors import InputError

if TYPE_CHECKING:
    from stotoken.cli.report import Report

P = ParamSpec("P")


def _remember(ctx: click.Context, param: click.Parameter, value: Any) -> None:
    if value:
        setattr(ctx.ensure_object(App), param.name or "", value)


def global_options(*, hidden: bool = False) -> list[click.Parameter]:
    """The options that may stand anywhere; hidden where they would crowd out a command's own."""

    def option(*names: str, **more: Any) -> click.Option:
        return click.Option(names, expose_value=False, is_eager=True, callback=_remember, hidden=hidden, **more)

    def variable(name: str) -> str | None:
        return None if hidden else name

    return [
        option("--json", "as_json", is_flag=True, help="Results and errors as one JSON object."),
        option("--lang", type=click.Choice(["en", "ja"]), help="Language of results and errors."),
        option("--node", metavar="URL", envvar=variable("STOTOKEN_NODE"), help="The node; or STOTOKEN_NODE."),
        option("--chain-id", type=click.IntRange(min=1), help="Refuse a node of any other chain."),
        option("--deployments", metavar="DIR", help="Folder of deployment records; ./deployments if not given."),
        option(
            "--signer",
            metavar="URI",
            envvar=variable("STOTOKEN_SIGNER"),
            help="Who acts: keystore:PATH and others, see `stotoken key --help`; or STOTOKEN_SIGNER.",
        ),
        option(
            "--policy",
            metavar="FILE",
            envvar=variable("STOTOKEN_POLICY"),
            help="Sign only what this file allows; or STOTOKEN_POLICY.",
        ),
        option(
            "--signing-log",
            metavar="FILE",
            envvar=variable("STOTOKEN_SIGNING_LOG"),
            help="Write down what is signed; or STOTOKEN_SIGNING_LOG.",
        ),
    ]


class Command(click.Command):
    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.params += global_options(hidden=True)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        given = list(args)
        try:
            return super().parse_args(ctx, args)
        except click.NoSuchOption:
            negative = next((text for text in given if re.match(r"-[0-9.,]", text)), None)
            if negative is None:
                raise
        raise InputError(f"'{negative}' is not accepted: no amount or number is negative here. Nothing was done.")


class Group(click.Group):
    """A noun. `told` makes a command of it from a function that takes the App and gives the Report to tell."""

    def __init__(self, *args: Any, modules: tuple[str, ...] = (), **more: Any) -> None:
        super().__init__(*args, **more)
        #: Modules that add commands to this group when they are imported.
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        for module in self._modules:
            importlib.import_module(module)
        return list(self.commands)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        self.list_commands(ctx)
        return super().get_command(ctx, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Each with its whole first sentence."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, found.get_short_help_str(limit=200)) for name, found in commands if found])

    def told(
        self, name: str, *, resumes: bool = False
    ) -> Callable[[Callable[Concatenate[App, P], Report | None]], Callable[Concatenate[App, P], Report | None]]:
        def add(function: Callable[Concatenate[App, P], Report | None]) -> Any:
            self.add_command(told(name, resumes=resumes)(function))
            return function

        return add


def told(
    name: str, *, resumes: bool = False
) -> Callable[[Callable[Concatenate[App, P], Report | None]], click.Command]:
    """A command of a function that takes the App and gives the Report to tell, or None when it told it all.

    `resumes`: the same command, given again after an interruption, does what is left and nothing twice.
    """

    def make(function: Callable[Concatenate[App, P], Report | None]) -> click.Command:
        @functools.wraps(function)
        def run(*args: P.args, **more: P.kwargs) -> None:
            app = cast("App", click.get_current_context().find_object(App))
            app.resumes = resumes
            report = function(app, *args, **more)
            if report is not None:
                report.tell(app)

        return click.command(name, cls=Command)(run)

    return make
