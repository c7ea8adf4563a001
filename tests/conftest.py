"""Fixtures of the tests that need more than one process or all addons at once."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from . import live


@pytest.fixture(scope="module")
def live_server(request: pytest.FixtureRequest) -> Iterator[live.LiveServer]:
    """A real server with two worker processes and its own database, one per module."""
    if "BUDGET_TEST_TEMPLATE" not in os.environ:
        pytest.fail("run the tests with script/test, which prepares the database")
    label = request.module.__name__.rpartition(".")[2]
    with live.serve(label) as server:
        yield server
