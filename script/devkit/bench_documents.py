"""What the steps of a claim cost, in a company with and one without a budget."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from odoo import api
from odoo.modules.registry import Registry

from . import bench_checks
from .bench_odoo import Act, Sample, measure, open_registry, transaction
from .bench_size import COMPANIES, Size

BATCH = "submit {} at once"
BUTTON = "submit 1 by the button"


def run(request: dict[str, Any]) -> dict[str, dict[str, list[Sample]]]:
    """Return ``{step: {company: samples}}``, the companies measured in alternation."""
    size = Size(**request["size"])
    registry = open_registry(request)
    walks = {name: Walk(registry, request["fields"][name], size) for name in COMPANIES}
    figures: dict[str, dict[str, list[Sample]]] = {}
    for pair in range(size.pairs + 1):
        for name in COMPANIES[:: 1 if pair % 2 else -1]:
            for step, sample in walks[name].steps():
                if pair:  # the first round warms up
                    samples = figures.setdefault(step, defaultdict(list))
                    samples[name].append(sample)
    with registry.cursor() as cr:
        bench_checks.refuse_unsound(cr)
    return figures


class Walk:
    """Takes claims of one company through their steps."""

    def __init__(self, registry: Registry, field: dict[str, Any], size: Size) -> None:
        self.registry = registry
        self.field = field
        self.size = size
        self.person = field["people"][0]
        self.numbers = itertools.count(1)

    def steps(self) -> Iterator[tuple[str, Sample]]:
        """Yield each step with what it cost."""
        boss = self.field["boss"]
        claim = self._create(1)
        yield "submit 1", self._step(claim, "submitted", self._submit)
        yield "approve 1", self._step(claim, "approved", self._approve, boss)
        with transaction(self.registry, self.field["company"], boss) as env:
            action = env["hr.expense"].browse(claim).action_post()
        post = self._act_post(action)
        yield "post 1", self._step(claim, "posted", post, boss)
        yield BUTTON, self._step(self._create(1), "submitted", self._press)
        batch = self._create(self.size.batch)
        name = BATCH.format(self.size.batch)
        yield name, self._step(batch, "submitted", self._submit)

    def _create(self, count: int) -> list[int]:
        slots = self.field["slots"]
        with transaction(
            self.registry, self.field["company"], self.person["uid"]
        ) as env:
            vals_list = [
                claim_values(self.field, self.person, slots[n % len(slots)], n)
                for n in itertools.islice(self.numbers, count)
            ]
            return env["hr.expense"].create(vals_list).ids

    def _step(self, ids: list[int], state: str, act: Any, uid: int = 0) -> Sample:
        def bound(env: api.Environment) -> None:
            act(env["hr.expense"].browse(ids))

        company, uid = self.field["company"], uid or self.person["uid"]
        sample, _answer = measure(self.registry, company, uid, bound)
        with transaction(self.registry, company) as env:
            states = set(env["hr.expense"].browse(ids).mapped("state"))
        if states != {state}:
            raise bench_checks.UnsoundError(f"claims are {states}, not {state}")
        return sample

    @staticmethod
    def _submit(claims: Any) -> None:
        claims.action_submit()

    @staticmethod
    def _press(claims: Any) -> None:
        claims.with_context(budget_performance_dialog=True).action_submit()

    @staticmethod
    def _approve(claims: Any) -> None:
        claims.action_approve()

    @staticmethod
    def _act_post(action: dict[str, Any]) -> Act:
        def post(claims: Any) -> None:
            wizards = claims.env["hr.expense.post.wizard"]
            wizard = wizards.with_context(**action["context"]).browse(action["res_id"])
            wizard.action_post_entry()

        return post


def claim_values(
    field: dict[str, Any], person: dict[str, Any], slot: list[int], number: int
) -> dict[str, Any]:
    """Return a draft claim on a slot, of an amount that no other claim has."""
    return {
        "name": f"Claim {number}",
        "employee_id": person["employee"],
        "company_id": field["company"],
        "product_id": field["product"],
        "account_id": slot[0],
        "analytic_distribution": {str(slot[1]): 100},
        "total_amount_currency": 10 + number / 100,
        "tax_ids": [],
    }
