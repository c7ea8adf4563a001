"""People who claim on budget lines of their own, and the proof that nothing is lost."""

from __future__ import annotations

import contextlib
import itertools
import runpy
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

import psycopg2

from .live import ROOT, LiveServer
from .rpc import Client, LostAnswerError, RpcError

T = TypeVar("T")

PASSED, LOST = "passed", "lost"
REFUSED = "odoo.exceptions.UserError"
ANSWER_SECONDS = 90
# Read as files: their package would load all tests of the addon.
LEDGER = ROOT / "addons/budget_performance/tests"
INVARIANTS = runpy.run_path(str(LEDGER / "ledger_invariants.py"))["SQL_INVARIANTS"]
PICTURE = runpy.run_path(str(LEDGER / "ledger_picture.py"))["LedgerPicture"]
# Addons may put more documents under the budget; the audit knows those.
KNOWN_TO_PICTURE = ("hr.expense", "account.move")
COMPANY = "budget_performance.company_lotus"


def attempt(client: Client, model: str, method: str, *args: Any, **kwargs: Any) -> str:
    """Call a method and return what the person saw: passed, the error, or nothing."""
    try:
        client.call_kw(model, method, *args, **kwargs)
    except RpcError as error:
        return f"{error.name}: {error.message}"
    except LostAnswerError:
        return LOST
    return PASSED


def together(work: Sequence[Callable[[], T]]) -> list[T]:
    """Do several things at the same time and return what came of each."""
    with ThreadPoolExecutor(len(work)) as pool:
        started = [pool.submit(one) for one in work]
        return [one.result(timeout=ANSWER_SECONDS) for one in started]


@dataclass(frozen=True)
class Plan:
    """A budget in force: its lines, each on a project of its own."""

    id: int
    lines: list[int]
    projects: list[int]


class Person:
    """An employee with a session of his own; use it in one thread at a time."""

    def __init__(self, scene: Scene, login: str, employee: int) -> None:
        self.client = scene.server.login(login)
        self.employee = employee
        self.scene = scene
        self._cents = itertools.count(1)

    def draft(self, shares: dict[Any, float], amount: float) -> int:
        """Make a draft.

        :param shares: ``{project: percentage}``, in the order to be sent; for parts
            in two dimensions ``{"project,project": percentage}``
        """
        return self.client.call_kw(
            "hr.expense",
            "create",
            {
                "name": f"Load {next(self._cents)}",
                "employee_id": self.employee,
                "product_id": self.scene.product,
                "account_id": self.scene.account,
                "total_amount_currency": amount,
                "date": date.today().isoformat(),
                "analytic_distribution": {str(p): s for p, s in shares.items()},
            },
        )

    def submit(self, *claims: int) -> str:
        """Submit claims in the given order, in one request."""
        return attempt(self.client, "hr.expense", "action_submit", list(claims))

    def spend(self, shares: dict[Any, float], amount: float) -> str:
        """Make a claim and submit it."""
        return self.submit(self.draft(shares, amount))


class Scene:
    """A position of its own in the company of the demo data, and ten people."""

    def __init__(self, server: LiveServer, people: int = 10) -> None:
        self.server = server
        self.manager = server.login("cfo")
        self.admin = server.login("admin")
        self.company = _find(self.manager, "res.company", ("name", "ilike", "lotus"))
        self.account = self._create_account()
        self.position = self.manager.call_kw(
            "performance.budget.position",
            "create",
            {"name": "Load", "code": "LOAD", "account_ids": [(6, 0, [self.account])]},
        )
        self.product = _find(
            self.manager, "product.product", ("default_code", "=", "TRAVEL")
        )
        self.dimension, self.second_dimension = self.manager.call_kw(
            "account.analytic.plan", "create", [{"name": "Load A"}, {"name": "Load B"}]
        )
        self.people = [self._create_person(n) for n in range(people)]
        self._plans = itertools.count(1)

    def _create_account(self) -> int:
        return self.manager.call_kw(
            "account.account",
            "create",
            {"name": "Load", "code": "668899", "account_type": "expense"},
        )

    def _create_person(self, number: int) -> Person:
        admin, login = self.admin, f"load{number}"
        groups = [_ref(admin, "base", "group_user")]
        user = admin.call_kw(
            "res.users",
            "create",
            {
                "name": login,
                "login": login,
                "password": login,
                "company_id": self.company,
                "company_ids": [(6, 0, [self.company])],
                "group_ids": [(6, 0, groups)],
            },
        )
        employee = admin.call_kw(
            "hr.employee",
            "create",
            {
                "name": login,
                "user_id": user,
                "company_id": self.company,
                "expense_manager_id": self.manager.uid,
            },
        )
        return Person(self, login, employee)

    def plan(
        self, *planned: float, approve: bool = True, dimension: int | None = None
    ) -> Plan:
        """Put a budget into force with a line for each amount."""
        call, today = self.manager.call_kw, date.today()
        name = f"Load {next(self._plans)}"
        dimension = dimension or self.dimension
        projects = call(
            "account.analytic.account",
            "create",
            [
                {"name": f"{name}-{n}", "plan_id": dimension}
                for n in range(len(planned))
            ],
        )
        budget = call(
            "performance.budget",
            "create",
            {
                "name": name,
                "date_from": f"{today.year}-01-01",
                "date_to": f"{today.year}-12-31",
            },
        )
        lines = call(
            "performance.budget.line",
            "create",
            [
                {
                    "budget_id": budget,
                    "position_id": self.position,
                    "analytic_account_ids": [(6, 0, [project])],
                    "amount_planned": amount,
                }
                for project, amount in zip(projects, planned, strict=True)
            ],
        )
        call("performance.budget", "action_submit", [budget])
        if approve:
            call("performance.budget", "action_approve", [budget])
        return Plan(budget, lines, projects)

    def used(self, plan: Plan) -> list[float]:
        """Return what the lines of a plan show as used."""
        lines = self.manager.call_kw(
            "performance.budget.line", "read", plan.lines, ["amount_used"]
        )
        return [line["amount_used"] for line in lines]

    def claims(self, state: str, *ids: int) -> list[int]:
        """Return those of the claims that are in a state."""
        domain = [("state", "=", state), ("id", "in", ids)]
        return self.manager.call_kw("hr.expense", "search", domain, order="id")

    def settle(self) -> None:
        """Run the job that settles what crashes have left behind."""
        job = _ref(self.admin, "budget_performance", "ir_cron_budget_settle")
        self.admin.call_kw("ir.cron", "method_direct_trigger", [job])

    def problems(self, *plans: Plan, settled: bool = True) -> list[str]:
        """Return what is wrong: by SQL, by the oracle, by the audit of the plans.

        :param settled: nothing may be on its way any more either
        """
        found = []
        with contextlib.closing(self.server.connect()) as connection:
            cr = connection.cursor()
            checks = INVARIANTS | (ON_ITS_WAY if settled else {})
            for name, query in checks.items():
                cr.execute(query)
                found += [f"{name}: {row}" for row in cr.fetchall()[:5]]
            found += find_differences(cr, self.company)
        for plan in plans:
            answer = self.manager.call_kw(
                "performance.budget", "action_audit", [plan.id]
            )["params"]
            if answer["type"] != "success":
                found.append(f"audit: {answer['message']}")
        return found


ON_ITS_WAY = {
    "nothing is on its way": "SELECT * FROM performance_budget_pending",
    "nothing is pending": """
        SELECT id, amount_pending FROM performance_budget_balance
         WHERE amount_pending <> 0""",
}


GATE_KEY = 741_100
# Where a transaction that books can be held up.
BEFORE_BOOKING = "TRIGGER BEFORE INSERT ON performance_budget_entry"
BEFORE_COMMIT = (
    "CONSTRAINT TRIGGER AFTER INSERT ON performance_budget_entry"
    " DEFERRABLE INITIALLY DEFERRED FOR EACH ROW"
)


class Gate:
    """Holds up whoever passes a statement, until it is opened; see :func:`gate`."""

    def __init__(self, cr: psycopg2.extensions.cursor) -> None:
        self.cr = cr

    def await_sessions(self, count: int = 1) -> list[int]:
        """Wait until that many stand at the gate; return their PostgreSQL processes."""
        for _try in range(400):
            self.cr.execute(
                """SELECT pid FROM pg_locks
                    WHERE locktype = 'advisory' AND objid = %s AND NOT granted""",
                [GATE_KEY],
            )
            sessions = [pid for (pid,) in self.cr.fetchall()]
            if len(sessions) >= count:
                return sessions
            time.sleep(0.05)
        raise TimeoutError(f"only {len(sessions)} of {count} came to the gate")

    def open(self) -> None:
        """Let everybody pass from now on."""
        self.cr.execute("SELECT pg_advisory_unlock_all()")


@contextlib.contextmanager
def gate(server: LiveServer, trigger: str) -> Iterator[Gate]:
    """Give a closed gate at a statement.

    A trigger waits there for a lock of this test: so a test knows where a
    transaction stands, and the product knows nothing of it.

    :param trigger: ``[CONSTRAINT ]TRIGGER`` when, ``ON`` which table, and conditions
    """
    kind, _space, when = trigger.partition("TRIGGER ")
    table = when.partition(" ON ")[2].split()[0]
    with contextlib.closing(server.connect()) as connection:
        connection.autocommit = True
        cr = connection.cursor()
        cr.execute(
            f"""SET lock_timeout = '20s';
                CREATE OR REPLACE FUNCTION test_gate() RETURNS trigger
                LANGUAGE plpgsql AS $$
                BEGIN
                    PERFORM pg_advisory_xact_lock_shared({GATE_KEY});
                    RETURN NEW;
                END $$;
                CREATE {kind}TRIGGER test_gate {when} EXECUTE FUNCTION test_gate();
                SELECT pg_advisory_lock({GATE_KEY})"""
        )
        closed = Gate(cr)
        try:
            yield closed
        finally:
            with contextlib.suppress(psycopg2.Error):  # PostgreSQL may have crashed
                closed.open()
            execute(server, f"DROP TRIGGER test_gate ON {table}")


def find_differences(cr: psycopg2.extensions.cursor, company: int) -> list[str]:
    """Return where documents and ledger of a company differ, by SQL alone."""
    picture = PICTURE(cr, [company])
    picture.held = {
        key: amount
        for key, amount in picture.held.items()
        if key.model in KNOWN_TO_PICTURE
    }
    return picture.get_differences()


def execute(server: LiveServer, query: str, *values: Any) -> list[tuple[Any, ...]]:
    """Run a statement in the database of a server and return its rows."""
    with contextlib.closing(server.connect()) as connection:
        connection.autocommit = True
        cr = connection.cursor()
        cr.execute(query, values)
        return cr.fetchall() if cr.description else []


@contextlib.contextmanager
def meanwhile(work: Callable[[], T]) -> Iterator[Callable[[], T]]:
    """Start something and go on; what is yielded waits for its result."""
    with ThreadPoolExecutor(1) as pool:
        started = pool.submit(work)
        yield lambda: started.result(timeout=ANSWER_SECONDS)


def _find(client: Client, model: str, condition: tuple[str, str, Any]) -> int:
    return client.call_kw(model, "search", [condition], limit=1)[0]


def _ref(client: Client, module: str, name: str) -> int:
    found = client.call_kw(
        "ir.model.data",
        "search_read",
        [("module", "=", module), ("name", "=", name)],
        ["res_id"],
    )
    return found[0]["res_id"]
