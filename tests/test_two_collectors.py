"""Two people deliver one figure at the same moment, through real server processes."""

from __future__ import annotations

import time

from .live import LiveServer
from .load import REFUSED, attempt, gate, meanwhile
from .rpc import Client

BEFORE_DELIVERY = "TRIGGER BEFORE UPDATE ON bsc_measurement"


def _create_figure(hr: Client) -> int:
    """Return a figure of the demo company that its collector owes."""
    line = hr.call_kw(
        "bsc.indicator",
        "search_read",
        [("state", "=", "active"), ("verifier_id", "!=", False)],
        ["company_id", "collector_id"],
        limit=1,
    )[0]
    collector = hr.call_kw("res.users", "search", [("login", "=", "employee")])
    figure: int = hr.call_kw(
        "bsc.measurement",
        "create",
        {
            "indicator_id": line["id"],
            "company_id": line["company_id"][0],
            "date_from": "2019-01-01",
            "date_to": "2019-01-31",
            "collector_id": collector[0],
        },
    )
    return figure


def test_one_delivers_and_the_other_is_told(
    live_server: LiveServer,
) -> None:
    hr = live_server.login("hr.officer")
    collector = live_server.login("employee")
    figure = _create_figure(hr)
    collector.call_kw("bsc.measurement", "write", [figure], {"value": 41})
    with gate(live_server, BEFORE_DELIVERY) as held:

        def deliver(client: Client) -> str:
            return attempt(client, "bsc.measurement", "action_deliver", [figure])

        with meanwhile(lambda: deliver(collector)) as first:
            held.await_sessions(1)
            with meanwhile(lambda: deliver(hr)) as second:
                time.sleep(1)  # it waits for the row, behind the first one
                held.open()
                outcomes = [first(), second()]
    assert sorted(outcome == "passed" for outcome in outcomes) == [False, True]
    refused = next(outcome for outcome in outcomes if outcome != "passed")
    assert refused.startswith(REFUSED), outcomes
    assert "delivered already" in refused
    winner = (collector, hr)[outcomes.index("passed")]
    kept = hr.call_kw(
        "bsc.measurement", "read", [figure], ["value", "state", "entered_by"]
    )[0]
    assert (kept["value"], kept["state"]) == (41, "entered")
    assert kept["entered_by"][0] == winner.uid
