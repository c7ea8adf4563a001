from odoo import Command, models

from ..tools import periods, workbook


class PerformanceBudget(models.Model):
    """A draft budget goes out as a workbook and comes back filled in."""

    _name = "performance.budget"
    _inherit = ["performance.budget", "performance.budget.workbook"]

    def _check_workbook(self):
        # EXTENDS performance.budget.workbook
        self.check_access("write")
        self._check_draft(self.env._("fill it in with a workbook"))

    def _get_workbook_months(self):
        return periods.months_between(self.date_from, self.date_to)

    def _get_workbook_lines(self):
        return self.line_ids

    def _get_workbook_pool_lines(self, lines):
        return lines.filtered(lambda line: line.pool_line_id or line.is_reserve)

    def _get_workbook_subtotals(self):
        return ("department", "position")

    def _get_workbook_choices(self):
        # EXTENDS performance.budget.workbook
        departments = self.env["hr.department"].search(
            [("company_id", "in", (False, self.company_id.id))]
        )
        names = {"department": {d.id: d.name for d in departments}}
        return {**super()._get_workbook_choices(), **self._as_choices(names)}

    def _get_workbook_columns(self, choices):
        common = self._get_common_columns(choices)
        department = workbook.Column(
            "department",
            self.env._("Department"),
            22,
            is_key=True,
            choices=list(choices["department"]),
        )
        note = workbook.Column(
            "note", self.env._("Notes"), 24, max_length=workbook.MAX_TEXT
        )
        return [
            common["position"],
            department,
            common["project"],
            common["reserve"],
            common["owner"],
            note,
        ]

    def _get_workbook_texts(self, lines, choices):
        find = self._get_label_finder(choices)
        centres = self.env["hr.department"]._get_by_cost_centre()
        texts = {}
        for line in lines:
            projects = line.analytic_account_ids.filtered(
                lambda account: account.id not in centres
            )
            texts[line.id] = {
                "position": find("position", line.position_id),
                "department": find("department", line.department_id),
                "project": "; ".join(sorted(find("project", p) for p in projects)),
                "reserve": workbook.MARK if line.is_reserve else "",
                "owner": find("owner", line.owner_id),
                "note": self._as_workbook_text(line.note),
            }
        return texts

    def _get_workbook_amounts(self, lines):
        amounts = {}
        for allocation in self.env["performance.budget.allocation"].search_fetch(
            [("line_id", "in", lines.ids)], ["line_id", "month", "amount_planned"]
        ):
            months = amounts.setdefault(allocation.line_id.id, {})
            months[allocation.month] = allocation.amount_planned
        return amounts

    def _get_workbook_key(self, row):
        if row.texts["reserve"]:
            return None
        return tuple(row.texts[name] for name in ("position", "department", "project"))

    def _find_workbook_problems(self, changes, choices, sheet):
        """Return the new lines that name two accounts of one plan."""
        Account = self.env["account.analytic.account"]
        plan = self.env.ref(
            "budget_performance.analytic_plan_cost_centre", raise_if_not_found=False
        )
        return [
            workbook.Problem(
                "plan_twice", sheet, row.number, value=row.texts["project"]
            )
            for row in changes.created
            if row.texts["project"] and row.texts["department"]
            for project in Account.browse(choices["project"][row.texts["project"]])
            if project.root_plan_id
            == (self._get_workbook_centre(row, choices).root_plan_id or plan)
        ]

    def _get_workbook_centre(self, row, choices):
        department = self.env["hr.department"].browse(
            choices["department"].get(row.texts["department"], ())
        )
        return department.cost_centre_id

    def _apply_workbook(self, changes, choices):
        lines = self.env["performance.budget.line"].with_context(
            tracking_disable=True  # the budget tells what was imported, once
        )
        lines.browse([row.line_id for row in changes.removed]).unlink()
        months = self._get_workbook_months()
        planned = {}
        for before, row in changes.changed:
            line = lines.browse(row.line_id)
            values = self._get_workbook_change(before, row, choices)
            if values:
                line.write(values)
            planned[line] = row.amounts
        created = lines.create(self._prepare_workbook_lines(changes.created, choices))
        planned.update(
            zip(created, (row.amounts for row in changes.created), strict=True)
        )
        self.env["performance.budget.allocation"]._write_planned(
            {
                (line.id, month): amount
                for line, amounts in planned.items()
                for month, amount in zip(months, amounts, strict=True)
            }
        )

    def _prepare_workbook_lines(self, rows, choices):
        names = {row.texts["department"] for row in rows} - {""}
        departments = self.env["hr.department"].browse(
            choices["department"][name] for name in sorted(names)
        )
        departments._ensure_cost_centre()
        vals_list = []
        for row in rows:
            accounts = self._get_workbook_centre(row, choices).ids
            if row.texts["project"]:
                accounts.append(choices["project"][row.texts["project"]])
            vals_list.append(
                {
                    "budget_id": self.id,
                    "position_id": choices["position"][row.texts["position"]],
                    "analytic_account_ids": [Command.set(accounts)],
                    "is_reserve": bool(row.texts["reserve"]),
                    "owner_id": choices["owner"].get(row.texts["owner"], False),
                    "note": row.texts["note"] or False,
                }
            )
        return vals_list

    def _get_workbook_change(self, before, row, choices):
        return self._get_common_change(before, row, choices, "note")
