"""The command line as somebody types it, against the node of a `World`."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result
from world import JAPAN, NAMES, World

from stotoken.cli import cli
from stotoken.types import Role

DOCUMENT = "0x" + "d0" * 32


class Shell:
    """Runs `stotoken` with the world's node; keys are in the environment, one variable a person."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world, self.folder = world, folder
        self.deployments = folder / "deployments"
        self.env = {"STOTOKEN_NODE": world.node.url, "STOTOKEN_SIGNER": None, "COLUMNS": "200", "STOTOKEN_DEBUG": "1"}
        self.env |= {
            f"KEY_{name}": account.key.hex() for name, account in zip(NAMES, world.node.accounts, strict=False)
        }

    def run(self, *words: object, by: str | None = None, input: str | None = None) -> Result:
        """Whatever comes of it; an exception that is no exit is a fault of the program."""
        args = [*map(str, words), "--deployments", str(self.deployments)]
        args += ["--signer", f"env:KEY_{by}"] if by else []
        result = CliRunner().invoke(cli, args, prog_name="stotoken", env=self.env, input=input)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        for key in self.env:
            if key.startswith("KEY_"):
                assert str(self.env[key]) not in result.output
        return result

    @contextmanager
    def started(self, *words: object, by: str) -> Iterator[subprocess.Popen[str]]:
        """The command as a process of its own, to be interrupted; it is over when the block is."""
        # Set, because a program that a shell started in the background hands on that SIGINT is ignored.
        program = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
        program += "; from stotoken.cli import main; main()"
        args = [*map(str, words), "--deployments", str(self.deployments), "--signer", f"env:KEY_{by}"]
        env = {name: value for name, value in self.env.items() if value}
        with subprocess.Popen(
            [sys.executable, "-c", program, *args],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            yield process

    def json(self, *words: object, by: str | None = None) -> Any:
        """The object it prints, having done what it was asked."""
        result = self.run(*words, "--json", by=by)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    def text(self, *words: object, by: str | None = None) -> str:
        result = self.run(*words, by=by)
        assert result.exit_code == 0, result.output
        return result.stdout

    def refused(self, code: int, *words: object, by: str | None = None) -> str:
        """The sentence with which it was refused; nothing on standard output."""
        result = self.run(*words, by=by)
        assert result.exit_code == code, result.output
        assert result.stdout == ""
        assert "Traceback" not in result.stderr
        return result.stderr.strip()

    def order(self, *words: object, proposer: str, approver: str) -> Any:
        """Propose, approve, execute; what the execution says."""
        proposed = self.json(*words, "--document-hash", DOCUMENT, by=proposer)
        self.json("order", "approve", proposed["order"], "--hash", proposed["hash"], by=approver)
        return self.json("order", "execute", proposed["order"], by=proposer)

    def address(self, name: str) -> str:
        return self.world.people[name].address

    def file(self, name: str, text: str, encoding: str = "utf-8") -> Path:
        path = self.folder / name
        path.write_text(text, encoding=encoding)
        return path

    def investors(self, *names: str) -> Path:
        """A table of people of the world, each an investor of its own."""
        lines = ["investor_id,wallet,classes,country,valid_until,name,kana,prefecture"]
        for place, name in enumerate(names, 1):
            day = "2090-03-31"
            lines.append(f"{place:032x},{self.address(name)},KYC,{JAPAN},{day},山田　太郎,ヤマダ　タロウ,東京都")
        return self.file("investors.csv", "\n".join(lines) + "\n")

    def allotments(self, *rows: tuple[str, int], partition: str = "default") -> Path:
        lines = ["wallet,partition,units", *(f"{self.address(name)},{partition},{units}" for name, units in rows)]
        return self.file("allotments.csv", "\n".join(lines) + "\n")

    def terms(self, **changed: str) -> Path:
        fields = {
            "name": "試験株式",
            "symbol": "TRIAL",
            "instrument": "share",
            "category": "PUBLIC_PARA1",
            "identifier": "ZZ0000CLI00X",
            "currency": "JPY",
            "face_value": "0",
            "authorised_units": "100000",
            "issue_date": "2026-04-01",
            "receive_classes": "[KYC]",
        } | changed
        return self.file("terms.yaml", "".join(f"{key}: {value}\n" for key, value in fields.items()))

    def roles(self) -> Path:
        """A roles file that gives every role to its person."""
        people = self.world.people
        lines = [f'{role.name} = ["{people.of(role).address}"]' for role in Role if role not in (7, 9)]
        return self.file("roles.toml", "\n".join(lines) + "\n")
