"""What the command line says of itself, and what it costs to say it."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from stotoken import errors
from stotoken.cli import cli
from stotoken.cli.frame import Command
from stotoken.cli.report import WORDS
from stotoken.cli.root import EXIT_CODES, NOUNS

HEAVY = {"web3", "eth_abi", "eth_account", "requests", "yaml", "solcx"}


def run(*words: str) -> str:
    result = CliRunner().invoke(cli, words, prog_name="stotoken")
    assert result.exit_code == 0, result.output
    return result.output


def commands() -> list[tuple[str, click.Command]]:
    """Every command with the words that reach it."""
    context = click.Context(cli)
    found = []
    for noun in cli.list_commands(context):
        command = cli.get_command(context, noun)
        if isinstance(command, click.Group):
            found += [(f"{noun} {verb}", command.get_command(context, verb)) for verb in command.list_commands(context)]
        else:
            found.append((noun, command))
    return [(words, command) for words, command in found if command is not None]


@pytest.mark.parametrize("words", [["--help"], *([noun, "--help"] for noun in NOUNS)], ids=" ".join)
def test_help_imports_nothing_heavy(words: list[str]) -> None:
    code = (
        "import sys\nfrom stotoken.cli import cli\n"
        f"try:\n    cli.main({words!r}, 'stotoken')\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print(sorted({HEAVY!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"


def test_the_list_of_commands_needs_no_module_of_any_noun() -> None:
    code = (
        "import sys\nfrom stotoken.cli import cli\n"
        "try:\n    cli.main(['--help'], 'stotoken')\nexcept SystemExit:\n    pass\n"
        "print(*sorted(name for name in sys.modules if name.startswith('stotoken.')), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert loaded == {"stotoken.cli", "stotoken.cli.app", "stotoken.cli.frame", "stotoken.cli.root", "stotoken.errors"}


def test_the_list_of_commands_names_every_verb_of_every_noun() -> None:
    context = click.Context(cli)
    for noun, told in NOUNS.items():
        command = cli.get_command(context, noun)
        verbs = command.list_commands(context) if isinstance(command, click.Group) else []
        assert sorted(told.verbs.split()) == sorted(verbs), noun
        assert noun in run("--help")


@pytest.mark.parametrize("words", [words for words, _ in commands()])
def test_every_command_says_what_it_does(words: str) -> None:
    assert f"Usage: stotoken {words}" in run(*words.split(), "--help")


def test_every_command_takes_the_global_options() -> None:
    for words, command in commands():
        assert isinstance(command, Command), words
        assert (command.help or "").strip(), words
        assert {"as_json", "lang", "node", "signer"} <= {param.name for param in command.params}, words


def test_the_exit_codes_of_all_errors_are_in_the_help() -> None:
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.StotokenError)
    ]
    codes = {str(kind.exit_code) for kind in kinds}
    assert codes <= {code for code, _ in EXIT_CODES}
    assert all(f"\n  {code} " in run("--help") for code, _ in EXIT_CODES)


def test_japanese_words_are_given_for_values_in_use() -> None:
    assert all((word and not word.isascii()) or word.endswith("ID") for word in WORDS.values())


def test_the_version_is_told() -> None:
    from stotoken import __version__

    assert run("--version").strip() == f"stotoken {__version__}"


@pytest.mark.parametrize("words", [["tokn"], ["token", "transfre"], ["token", "show"], ["system", "halt", "--nope"]])
def test_a_wrong_command_line_ends_with_2(words: list[str]) -> None:
    result = CliRunner().invoke(cli, words, prog_name="stotoken")
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Error: " in result.stderr


def test_a_wrong_command_line_is_told_in_json_where_that_was_asked_for() -> None:
    result = CliRunner().invoke(cli, ["token", "show", "--json"], prog_name="stotoken")
    assert result.exit_code == 2
    assert '"error": "MissingParameter"' in result.stderr
