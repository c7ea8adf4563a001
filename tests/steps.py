"""Requests that move step by step, on claims of their own, in one process."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry

from .load import COMPANY, INVARIANTS, find_differences

CLAIMS, LINES = 6, 2
PLANNED, LIMIT = 1000, Decimal(800)  # held from 80 % on
ANSWER_SECONDS = 30
Position = tuple[int, date]
CONTEXT = {"tracking_disable": True, "mail_create_nosubscribe": True}


class Field:
    """A copy of the template with claims that nobody else moves."""

    def __init__(self, registry: Registry, name: str) -> None:
        self.registry = registry
        self.name = name
        with registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, CONTEXT)
            self.company = env.ref(COMPANY).id
            env = env(context=CONTEXT | {"allowed_company_ids": [self.company]})
            self.projects, self.lines = self._create_budget(env)
            self.claims = self._create_claims(env)

    def _create_budget(self, env: api.Environment) -> tuple[list[int], list[int]]:
        self.account = env["account.account"].create(
            {"name": "Steps", "code": "668898", "account_type": "expense"}
        )
        dimension = env["account.analytic.plan"].create({"name": "Steps"})
        projects = env["account.analytic.account"].create(
            [{"name": f"Step {n}", "plan_id": dimension.id} for n in range(LINES)]
        )
        position = env["performance.budget.position"].create(
            {"name": "Steps", "code": "STEP", "account_ids": [(6, 0, self.account.ids)]}
        )
        year = date.today().year
        budget = env["performance.budget"].create(
            {
                "name": "Steps",
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "position_id": position.id,
                            "analytic_account_ids": [(6, 0, project.ids)],
                            "amount_planned": PLANNED,
                        },
                    )
                    for project in projects
                ],
            }
        )
        budget.action_submit()
        budget.action_approve()
        return projects.ids, budget.line_ids.ids

    def _create_claims(self, env: api.Environment) -> list[int]:
        employee = env["hr.employee"].search([("company_id", "=", self.company)])[0]
        product = env["product.product"].search([("default_code", "=", "TRAVEL")])
        claims = env["hr.expense"].create(
            [
                {
                    "name": f"Step {number}",
                    "employee_id": employee.id,
                    "product_id": product.id,
                    "account_id": self.account.id,
                    "total_amount_currency": 100,
                    "date": date.today(),
                    "company_id": self.company,
                    "analytic_distribution": {str(self.projects[0]): 100},
                }
                for number in range(CLAIMS)
            ]
        )
        return claims.ids

    @contextmanager
    def environment(self) -> Iterator[api.Environment]:
        """Give a transaction of the observer; it commits."""
        with self.registry.cursor() as cr:
            yield api.Environment(cr, SUPERUSER_ID, CONTEXT)

    def settle(self) -> None:
        """Settle as the next who comes, or the job."""
        with self.environment() as env:
            env["performance.budget.balance"]._cron_settle()

    def clean(self) -> None:
        """Begin again, whatever was before: all claims are drafts and alike."""
        with self.environment() as env:
            env["hr.expense"].browse(self.claims).write(
                {
                    "approval_state": False,
                    "total_amount_currency": 100,
                    "analytic_distribution": {str(self.projects[0]): 100},
                }
            )
        with self.environment() as env:
            env.cr.execute("DELETE FROM performance_budget_pending")
            env["performance.budget.balance"]._rebuild(self.lines)

    def find_problems(
        self, env: api.Environment, running: Iterable[Actor] = (), *, at_rest: bool
    ) -> list[str]:
        """Return what is wrong at this moment.

        :param running: who has perhaps booked and not yet committed
        :param at_rest: nobody is in the middle of anything
        """
        used = {
            line["id"]: line["used"]
            for line in env["performance.budget.control"]._read_figures(self.lines)
        }
        env.cr.execute(
            """SELECT line_id, month, SUM(amount) FROM performance_budget_entry
                WHERE line_id = ANY(%s) GROUP BY line_id, month""",
            [self.lines],
        )
        booked = {
            (line, month): Decimal(str(amount)).quantize(Decimal("0.01"))
            for line, month, amount in env.cr.fetchall()
        }
        problems = []
        for line, shown in used.items():
            for month, amount in shown.items():
                place = (line, month)
                least = booked.get(place, Decimal(0))
                coming = sum(actor.booked.get(place, Decimal(0)) for actor in running)
                if amount < least + coming or (at_rest and amount != least):
                    problems.append(
                        f"line {line} decides on {amount}: booked is {least},"
                        f" on its way {coming}"
                    )
            # All of them may still commit.
            entries = [booked, *(actor.booked for actor in running)]
            total = sum(
                v for part in entries for (n, _m), v in part.items() if n == line
            )
            if total >= LIMIT:
                problems.append(f"line {line} is overspent: {total}")
        for name, query in INVARIANTS.items():
            env.cr.execute(query)
            problems += [f"{name}: {row}" for row in env.cr.fetchall()]
        if at_rest:
            problems += find_differences(env.cr, self.company)
            env.cr.execute("SELECT * FROM performance_budget_pending")
            problems += [f"pending: {row}" for row in env.cr.fetchall()]
        return problems


class Actor:
    """A request: a thread with a cursor, which does what it is told, step by step."""

    by_thread: dict[int, Actor] = {}

    def __init__(self, field: Field) -> None:
        self.field = field
        self.env: api.Environment | None = None
        self.stops_halfway = self.is_halfway = False
        self.booked: dict[Position, Decimal] = {}
        self._jobs: queue.Queue[Callable[[], None] | None] = queue.Queue()
        self._news: queue.Queue[BaseException | str] = queue.Queue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()
        self.by_thread[self._thread.ident or 0] = self

    def _work(self) -> None:
        while job := self._jobs.get():
            try:
                job()
                self.booked = self._read_booked()
            except Exception as error:  # noqa: BLE001 - handed to who asked
                self._news.put(error)
            else:
                self._news.put("done")

    def _read_booked(self) -> dict[Position, Decimal]:
        """Return by how much the request has filled lines, seen by itself alone."""
        if not self.env or self.env.cr.closed:
            return {}
        self.env.cr.execute(
            """SELECT line_ref, month,
                      SUM(amount_reserved + amount_committed + amount_actual)::text
                 FROM performance_budget_pending
                WHERE xact_id = pg_current_xact_id_if_assigned()::text
             GROUP BY line_ref, month"""
        )
        return {
            (line, month): Decimal(amount)
            for line, month, amount in self.env.cr.fetchall()
            if Decimal(amount) > 0
        }

    def halt(self) -> None:
        """Stop here, in the thread of the actor, until told to go on."""
        if self.stops_halfway:
            self.stops_halfway = False
            self._news.put("halfway")
            self._jobs.get()

    def do(self, job: Callable[[], None]) -> None:
        """Do something as a part of the request; what goes wrong ends it."""
        self._jobs.put(job)
        self._await()

    def go_on(self) -> None:
        """Go on after having halted."""
        self.do(lambda: None)

    def _await(self) -> None:
        news = self._news.get(timeout=ANSWER_SECONDS)
        self.is_halfway = news == "halfway"
        if isinstance(news, UserError | psycopg2.Error):
            self.roll_back()
        elif isinstance(news, BaseException):
            raise news

    def begin(self) -> api.Environment:
        if not self.env:
            cr = self.field.registry.cursor()
            cr.execute("SET LOCAL lock_timeout = '50ms'")
            self.env = api.Environment(
                cr,
                SUPERUSER_ID,
                CONTEXT | {"allowed_company_ids": [self.field.company]},
            )
            cr.execute("SELECT 1")  # from now on it sees this moment
        return self.env

    def commit(self, *, settles: bool) -> None:
        """Commit; a server that dies then does not settle."""

        def job() -> None:
            cr = self.begin().cr
            cr.flush()
            if not settles:
                cr.postcommit.clear()
            cr.commit()
            cr.close()

        self.do(job)
        self.env = None

    def roll_back(self) -> None:
        self.booked = {}
        if self.env:
            cr, self.env = self.env.cr, None
            if not cr.closed:
                cr.rollback()
                cr.close()

    def die(self) -> None:
        """Lose the connection as a killed process does: nothing is done after it."""
        self.booked = {}
        if self.env:
            cr, self.env = self.env.cr, None
            cr._cnx.close()
            if self.is_halfway:
                self._jobs.put(lambda: None)
                self._news.get(timeout=ANSWER_SECONDS)
                self.is_halfway = False
            cr._closed = True  # no hooks, no complaint

    def end(self) -> None:
        if self.is_halfway:
            self.go_on()
        self.roll_back()
        self._jobs.put(None)
        self._thread.join(ANSWER_SECONDS)
        self.by_thread.pop(self._thread.ident or 0)
