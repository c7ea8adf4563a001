"""The fixture ``live_server`` itself: several processes, one database of its own."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .live import LiveServer
from .rpc import RpcError


def test_two_sessions_work_side_by_side(live_server: LiveServer) -> None:
    admin = live_server.login("admin")
    other = live_server.login("demo")
    assert admin.uid != other.uid
    country = admin.call_kw("res.country", "search", [("code", "=", "CN")], limit=1)
    assert other.call_kw("res.country", "read", country, ["code"]) == [
        {"id": country[0], "code": "CN"}
    ]


def test_an_error_carries_the_name_and_the_message(live_server: LiveServer) -> None:
    client = live_server.login("demo")
    with pytest.raises(RpcError) as raised:
        client.call_kw("ir.rule", "create", [{"name": "x"}])
    assert raised.value.name == "odoo.exceptions.AccessError"


def test_a_wrong_password_is_refused(live_server: LiveServer) -> None:
    with pytest.raises(RpcError) as raised:
        live_server.login("admin", "wrong")
    assert raised.value.name == "odoo.exceptions.AccessDenied"


def test_the_server_has_several_processes(live_server: LiveServer) -> None:
    children = Path(f"/proc/{live_server.pid}/task/{live_server.pid}/children")
    assert len(children.read_text().split()) >= 2


def test_the_database_is_a_copy(live_server: LiveServer) -> None:
    assert live_server.db != os.environ["BUDGET_TEST_TEMPLATE"]
