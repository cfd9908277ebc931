"""Stands between a client and a real node: counts what is asked, refuses, drops, or lets something happen first."""

from __future__ import annotations

import http.client
import json
import threading
from collections import Counter
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

#: Given the JSON-RPC calls of one post; the error to answer instead of asking the node, if any.
Rule = Callable[[list[dict[str, Any]]], str | None]


class Proxy:
    """Forwards posts to a node while it runs; `with`, or `start` and `stop`, any number of times on the same port."""

    def __init__(self, node_url: str) -> None:
        self.target = node_url.removeprefix("http://")
        #: Posts, and the methods asked for in them.
        self.posts, self.methods = 0, Counter[str]()
        self.rule: Rule = lambda _: None
        #: Run on the answer of the node before it goes on.
        self.changes: Callable[[Any], Any] = lambda answer: answer
        #: How many of the next posts end in a broken connection.
        self.drops = 0
        self._port = 0
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> Self:
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                answer = proxy.answer(body)
                if answer is None:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.send_response(200)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *_: object) -> None:
                """Quietly."""

        class Server(ThreadingHTTPServer):
            allow_reuse_address = True
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                """A client that was killed is no error of the proxy."""

        self._server = Server(("127.0.0.1", self._port), Handler)
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def stop(self) -> None:
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def answer(self, body: bytes) -> bytes | None:
        """What the node says, or the rule; None to break the connection."""
        if self._server is None:
            return None
        asked = json.loads(body)
        calls = asked if isinstance(asked, list) else [asked]
        self.posts += 1
        self.methods.update(call["method"] for call in calls)
        if self.drops:
            self.drops -= 1
            return None
        if (error := self.rule(calls)) is not None:
            said = [{"jsonrpc": "2.0", "id": call["id"], "error": {"code": -32005, "message": error}} for call in calls]
            return json.dumps(said if isinstance(asked, list) else said[0]).encode()
        connection = http.client.HTTPConnection(self.target, timeout=60)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            answer = connection.getresponse().read()
        except OSError:
            return None
        finally:
            connection.close()
        return json.dumps(self.changes(json.loads(answer))).encode()


def narrow(blocks: int) -> Rule:
    """A node that gives the logs of few blocks at once."""

    def rule(calls: list[dict[str, Any]]) -> str | None:
        for call in calls:
            if call["method"] == "eth_getLogs":
                wanted = call["params"][0]
                if int(wanted["toBlock"], 16) - int(wanted["fromBlock"], 16) >= blocks:
                    return "block range too wide"
        return None

    return rule


def without_times(answer: Any) -> Any:
    """The answer of a node that does not tell the time of a log's block."""
    for each in answer if isinstance(answer, list) else [answer]:
        if isinstance(each.get("result"), list):
            for log in each["result"]:
                log.pop("blockTimestamp", None)
    return answer
