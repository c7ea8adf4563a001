from odoo import api, models

from ..tools import spreadsheet, workbook


class PerformanceBudgetWorkbook(models.AbstractModel):
    """What can be chosen in a workbook, under names that nothing else has."""

    _inherit = "performance.budget.workbook"

    def _get_workbook_projects(self):
        """Return the analytic accounts that are no cost centre of a department."""
        centres = self.env["hr.department"]._get_by_cost_centre()
        return self.env["account.analytic.account"].search(
            [
                ("company_id", "in", (False, self.company_id.id)),
                ("id", "not in", list(centres)),
            ]
        )

    def _get_workbook_positions(self):
        return self.env["performance.budget.position"].search(
            [("company_id", "=", self.company_id.id)]
        )

    def _get_workbook_owners(self):
        """Return who may own a line, and who does."""
        group = self.env.ref("budget_performance.group_budget_owner")
        owners = self.env["res.users"].search(
            [
                ("share", "=", False),
                ("company_ids", "in", self.company_id.ids),
                ("all_group_ids", "in", group.ids),
            ]
        )
        return owners | self._get_workbook_lines().owner_id

    def _get_workbook_choices(self):
        positions = self._get_workbook_positions()
        return self._as_choices(
            {
                "position": {
                    p.id: f"[{p.code}] {p.name}" if p.code else p.name
                    for p in positions
                },
                "project": _names(self._get_workbook_projects()),
                "owner": _names(self._get_workbook_owners()),
            }
        )

    def _get_common_columns(self, choices):
        """Return the columns that budgets and proposals have, by name."""
        column = workbook.Column
        return {
            "position": column(
                "position",
                self.env._("Position"),
                36,
                is_key=True,
                is_required=True,
                choices=list(choices["position"]),
            ),
            "project": column(
                "project",
                self.env._("Project"),
                18,
                is_key=True,
                choices=list(choices["project"]),
            ),
            "reserve": column(
                "reserve",
                self.env._("Reserve"),
                9,
                is_key=True,
                choices=[workbook.MARK],
            ),
            "owner": column(
                "owner", self.env._("Owner"), 20, choices=list(choices["owner"])
            ),
        }

    @api.model
    def _get_common_change(self, before, row, choices, text):
        """Return what changes in a line apart from its amounts.

        :param text: the name of the column that is free text
        """
        values = {}
        if row.texts["owner"] != before.texts["owner"]:
            values["owner_id"] = choices["owner"].get(row.texts["owner"], False)
        if row.texts[text] != before.texts[text]:
            values[text] = row.texts[text] or False
        return values

    @api.model
    def _as_choices(self, names):
        """Return ``{column: {label: id}}``, labels unique and never a formula.

        :param names: ``{column: {id: name}}``
        """
        return {
            column: {
                spreadsheet.neutral(label.strip()): key
                for key, label in workbook.unique_labels(labels).items()
            }
            for column, labels in names.items()
        }

    @api.model
    def _get_label_finder(self, choices):
        """Return a function that finds the label of a record in a column."""
        labels = {
            column: {key: label for label, key in entries.items()}
            for column, entries in choices.items()
        }

        def find(column, record):
            found = labels[column].get(record.id)
            return found or spreadsheet.neutral((record.name or "").strip())

        return find

    @api.model
    def _as_workbook_text(self, text):
        """Return a free text as a cell holds it."""
        lines = "\n".join((text or "").splitlines()).strip()
        return spreadsheet.neutral(lines[: workbook.MAX_TEXT])


def _names(records):
    return {record.id: record.name for record in records}
