from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import money, workbook, workbook_changes, workbook_read, workbook_write
from ..wording import month_label


class PerformanceBudgetWorkbook(models.AbstractModel):
    """A plan that people take along as a workbook and bring back filled in.

    A document that inherits it says what its lines are and how they are written, with
    the methods below that end in ``NotImplementedError``; writing the workbook, reading
    it with all its problems and showing what would change are the same for everyone.
    """

    _name = "performance.budget.workbook"
    _description = "Plan to Fill In"

    def action_export_workbook(self):
        """Download the plan as a workbook to fill in."""
        self.ensure_one()
        self._check_workbook()
        self._check_workbook_size()
        return {
            "type": "ir.actions.act_url",
            "url": f"/budget_performance/workbook/{self._name}/{self.id}",
            "target": "download",
        }

    def action_import_workbook(self):
        """Open the dialog that takes a workbook back."""
        self.ensure_one()
        self._check_workbook()
        wizard = self.env["performance.budget.workbook.import"].create(
            {"document_ref": f"{self._name},{self.id}"}
        )
        return wizard._open()

    # What a document says of itself

    def _check_workbook(self):
        """:raise UserError: the plan is not open, or not to this person"""
        raise NotImplementedError

    def _get_workbook_months(self):
        """Return the first days of the months."""
        raise NotImplementedError

    def _get_workbook_lines(self):
        """Return the lines of the plan."""
        raise NotImplementedError

    def _get_workbook_columns(self, choices):
        """Return the columns that describe a line.

        :param choices: ``{column: {label: id}}`` of those that offer a choice
        """
        raise NotImplementedError

    def _get_workbook_texts(self, lines, choices):
        """Return ``{line id: {column: text}}``."""
        raise NotImplementedError

    def _get_workbook_amounts(self, lines):
        """Return ``{line id: {month: amount}}``."""
        raise NotImplementedError

    def _get_workbook_key(self, row):
        """Return what no two lines may share, None if this line may share it."""
        raise NotImplementedError

    def _find_workbook_problems(self, changes, choices, sheet):
        """Return the problems that only the document can see."""
        raise NotImplementedError

    def _apply_workbook(self, changes, choices):
        """Write the changes, with the rights of the person who asks."""
        raise NotImplementedError

    def _get_workbook_pool_lines(self, lines):
        """Return the lines that lie inside others and do not add to the total."""
        return lines.browse()

    def _get_workbook_subtotals(self):
        """Return the names of the columns to add up by."""
        return ()

    # The same for everyone

    def _check_workbook_size(self):
        if len(self._get_workbook_lines()) > workbook.MAX_ROWS:
            raise UserError(
                self.env._(
                    "“%(document)s” has more than %(limit)s lines, which is more than a"
                    " workbook may bring back. Use the list of lines instead.",
                    document=self.display_name,
                    limit=workbook.MAX_ROWS,
                )
            )

    def _get_workbook_unit(self):
        return money.unit(self.currency_id.decimal_places)

    def _get_workbook_rows(self, choices):
        """Return ``{line id: row}`` of the plan as it is now."""
        lines = self._get_workbook_lines()
        months, unit = self._get_workbook_months(), self._get_workbook_unit()
        texts = self._get_workbook_texts(lines, choices)
        amounts = self._get_workbook_amounts(lines)
        inside = set(self._get_workbook_pool_lines(lines).ids)
        return {
            line_id: workbook.Row(
                line_id=line_id,
                texts=texts[line_id],
                amounts=[
                    money.exact(amounts.get(line_id, {}).get(month, 0.0), unit)
                    for month in months
                ],
                is_in_pool=line_id in inside,
            )
            for line_id in lines.ids
        }

    def _get_workbook(self):
        """Return the plan as the bytes of a workbook."""
        self.ensure_one()
        self._check_workbook()
        self._check_workbook_size()
        choices = self._get_workbook_choices()
        rows = self._get_workbook_rows(choices)
        months = self._get_workbook_months()
        return workbook_write.write(
            workbook.Plan(
                title=self.display_name,
                columns=self._get_workbook_columns(choices),
                months=months,
                rows=list(rows.values()),
                identity=self._get_workbook_identity(rows),
                texts=self._get_workbook_words(),
                month_labels=[month_label(self.env, month) for month in months],
                decimals=self.currency_id.decimal_places,
                subtotals=self._get_workbook_subtotals(),
            )
        )

    def _get_workbook_identity(self, rows):
        return {
            "format": workbook.FORMAT,
            "model": self._name,
            "id": str(self.id),
            "company": str(self.company_id.id),
            "stamp": workbook_changes.stamp(rows.values()),
            "lang": self.env.lang or "en_US",
            "date": fields.Datetime.to_string(fields.Datetime.now()),
        }

    @api.model
    def _get_workbook_words(self):
        return {
            "sheet": self.env._("Plan"),
            "help": self.env._(
                "Fill in the yellow cells and import the file where you exported it."
                " New lines go below the last one; an x in the second column removes a"
                " line. Lines inside a pool are part of it and not added to the total."
            ),
            "remove": self.env._("Remove"),
            "pool": self.env._("In Pool"),
            "total": self.env._("Total"),
            "grand": self.env._("Total"),
            "subtotals": self.env._("Subtotals"),
            "subtotals_help": self.env._(
                "Adds up while you fill in the plan. Lines inside a pool are counted in"
                " their own row."
            ),
            "wrong_amount": self.env._("No amount"),
            "wrong_amount_help": self.env._("An amount is a number, zero or more."),
            "wrong_choice": self.env._("Not in the list"),
            "wrong_choice_help": self.env._("Choose one of the values of the list."),
        }

    def _read_workbook(self, content):
        """Return what a workbook would change, and what it says of itself.

        Nothing is written. Labels are read in the language they were written in.

        :param content: the bytes of the file
        :returns: changes, choices, reading
        """
        self.ensure_one()
        self._check_workbook()
        months, unit = self._get_workbook_months(), self._get_workbook_unit()
        own = self
        columns = own._get_workbook_columns(own._get_workbook_choices())
        reading = workbook_read.read(content, columns, months, unit)
        lang = reading.identity.get("lang")
        if lang != self.env.lang and lang in dict(self.env["res.lang"].get_installed()):
            own = self.with_context(lang=lang)
        choices = own._get_workbook_choices()
        columns = own._get_workbook_columns(choices)
        foreign = self._find_foreign(reading)
        if foreign:
            reading.problems, reading.rows = foreign, []
        elif own is not self:
            reading = workbook_read.read(content, columns, months, unit)
        rows = own._get_workbook_rows(choices)
        reading.stamp = workbook_changes.stamp(rows.values())
        if reading.problems:
            return workbook_changes.Changes(problems=reading.problems), choices, reading
        changes = workbook_changes.compare(
            rows, reading, columns, own._get_workbook_key
        )
        if not changes.problems:
            changes.problems += own._find_workbook_problems(
                changes, choices, reading.sheet
            )
        return changes, choices, reading

    def _find_foreign(self, reading):
        """Return the reason why a workbook belongs to something else."""
        identity = reading.identity
        if not identity:
            return []
        expected = {
            "wrong_format": ("format", workbook.FORMAT),
            "wrong_company": ("company", str(self.company_id.id)),
            "wrong_model": ("model", self._name),
            "wrong_document": ("id", str(self.id)),
        }
        for code, (name, value) in expected.items():
            if identity.get(name) != value:
                return [workbook.Problem(code, value=self.display_name)]
        return []
