"""The random walk of claims and entries in two companies with a budget each."""

from .ledger_walk import LedgerWalk


class CompaniesWalk(LedgerWalk):
    """Claims of both companies, and claims that go from one to the other."""

    def _draw(self):
        if self.rng.random() < 0.2:
            return "new_elsewhere"
        return super()._draw()

    def _count(self, after):  # pylint: disable=missing-return
        super()._count(after)
        line_id = self.case.line_elsewhere.id
        if any(key.line_id == line_id for key in after.held):
            self.counts["held elsewhere"] += 1

    def _as(self, record, user):
        """Let somebody of the right company act, mostly."""
        if (
            record._name == "hr.expense"
            and record[:1].company_id == self.case.company_other
            and self.rng.random() < 0.85
        ):
            user = self.case.user_elsewhere
        return super()._as(record, user)

    def _op_new_elsewhere(self):
        vals = {
            "name": f"Claim {len(self.claims)}",
            "company_id": self.case.company_other.id,
            "currency_id": self.case.company_other.currency_id.id,
            "employee_id": self.case.emp_stranger.id,
            "product_id": self._product().id,
            "total_amount_currency": self._amount(),
            "date": self._day(),
        }
        shown = {name: self._show(value, name) for name, value in vals.items()}
        return (
            f"claim[{len(self.claims)}] = create({shown}) elsewhere",
            lambda: self.claims.append(self.case._create_claim(**vals)),
        )
