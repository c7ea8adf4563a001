"""A small client of Odoo's HTTP API, as the web client uses it."""

from __future__ import annotations

import http.client
import http.cookiejar
import itertools
import json
import urllib.request
from typing import Any

TIMEOUT_SECONDS = 60


class RpcError(Exception):
    """An error that the server answered with.

    :ivar name: the exception class on the server, e.g. ``odoo.exceptions.UserError``
    :ivar message: the text a user would see
    """

    def __init__(self, error: dict[str, Any]) -> None:
        data = error.get("data") or {}
        self.name: str = data.get("name", "")
        self.message: str = data.get("message") or error.get("message", "")
        super().__init__(f"{self.name}: {self.message}")


class LostAnswerError(Exception):
    """No answer, or none of Odoo: whether the request was done is not known."""


class Client:
    """One session on one database. Not to be shared between threads: make one each."""

    def __init__(self, url: str, db: str) -> None:
        self.url = url
        self.db = db
        self.uid: int | None = None
        self._ids = itertools.count(1)
        cookies = http.cookiejar.CookieJar()
        self._opener = urllib.request.build_opener(
            urllib.request.ProxyHandler({}),  # the server is on this machine
            urllib.request.HTTPCookieProcessor(cookies),
        )

    def login(self, login: str, password: str | None = None) -> Client:
        """Open a session and return self; demo passwords equal the login."""
        session = self.call(
            "/web/session/authenticate",
            db=self.db,
            login=login,
            password=password or login,
        )
        self.uid = session["uid"]
        return self

    def call_kw(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a public method of a model as the user of this session.

        ``client.call_kw("hr.expense", "action_submit", [expense_id])``. Raises
        :class:`RpcError` with the server's message, and :class:`LostAnswerError`.
        """
        return self.call(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=list(args),
            kwargs=kwargs,
        )

    def call(self, path: str, **params: Any) -> Any:
        """Send one JSON-RPC request to a route and return its result."""
        body = {
            "jsonrpc": "2.0",
            "method": "call",
            "id": next(self._ids),
            "params": params,
        }
        request = urllib.request.Request(
            self.url + path,
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with self._opener.open(request, timeout=TIMEOUT_SECONDS) as response:
                answer = json.load(response)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise LostAnswerError(f"{path}: {error!r}") from error
        if "error" in answer:
            raise RpcError(answer["error"])
        return answer.get("result")
