from odoo import Command, models

from ..tools import periods, workbook


class PerformanceBudgetProposal(models.Model):
    """A department fills in its proposal in a workbook, as long as it may plan."""

    _name = "performance.budget.proposal"
    _inherit = ["performance.budget.proposal", "performance.budget.workbook"]

    def _check_workbook(self):
        # EXTENDS performance.budget.workbook
        self._check_may_plan()
        self._check_open()

    def _get_workbook_months(self):
        return periods.months_between(self.round_id.date_from, self.round_id.date_to)

    def _get_workbook_lines(self):
        return self.line_ids

    def _get_workbook_pool_lines(self, lines):
        return lines.filtered(
            lambda line: line.is_reserve or line.pool_line_id in lines
        )

    def _get_workbook_subtotals(self):
        return ("position",)

    def _get_workbook_columns(self, choices):
        common = self._get_common_columns(choices)
        justification = workbook.Column(
            "justification",
            self.env._("Justification"),
            32,
            max_length=workbook.MAX_TEXT,
        )
        # Only the whole company keeps a reserve.
        reserve = [] if self.department_id else [common["reserve"]]
        return [
            common["position"],
            common["project"],
            *reserve,
            common["owner"],
            justification,
        ]

    def _get_workbook_texts(self, lines, choices):
        find = self._get_label_finder(choices)
        return {
            line.id: {
                "position": find("position", line.position_id),
                "project": "; ".join(
                    sorted(find("project", p) for p in line.analytic_account_ids)
                ),
                "owner": find("owner", line.owner_id),
                "justification": self._as_workbook_text(line.justification),
            }
            | (
                {}
                if self.department_id
                else {"reserve": workbook.MARK if line.is_reserve else ""}
            )
            for line in lines
        }

    def _get_workbook_amounts(self, lines):
        return {
            line.id: {month.month: month.amount for month in line.month_ids}
            for line in lines
        }

    def _get_workbook_key(self, row):
        if row.texts.get("reserve"):
            return None
        return row.texts["position"], row.texts["project"]

    # pylint: disable-next=unused-argument
    def _find_workbook_problems(self, changes, choices, sheet):
        """Return nothing: a line has one project, which is no cost centre."""
        return []

    def _apply_workbook(self, changes, choices):
        lines = self.env["performance.budget.proposal.line"]
        months = self._get_workbook_months()
        lines.browse([row.line_id for row in changes.removed]).unlink()
        planned = {}
        for before, row in changes.changed:
            line = lines.browse(row.line_id)
            values = self._get_workbook_change(before, row, choices)
            if values:
                line.write(values)
            if [*before.amounts] != [*row.amounts]:
                planned[line] = row.amounts
        created = lines.create(
            [self._prepare_workbook_line(row, choices) for row in changes.created]
        )
        planned.update(
            zip(created, (row.amounts for row in changes.created), strict=True)
        )
        lines._write_months(
            {
                line: dict(zip(months, amounts, strict=True))
                for line, amounts in planned.items()
            }
        )

    def _prepare_workbook_line(self, row, choices):
        project = choices["project"].get(row.texts["project"])
        return {
            "proposal_id": self.id,
            "position_id": choices["position"][row.texts["position"]],
            "analytic_account_ids": [Command.set([project] if project else [])],
            "is_reserve": bool(row.texts.get("reserve")),
            "owner_id": choices["owner"].get(row.texts["owner"], False),
            "justification": row.texts["justification"] or False,
            "amount": float(sum(row.amounts)),
        }

    def _get_workbook_change(self, before, row, choices):
        return self._get_common_change(before, row, choices, "justification")
