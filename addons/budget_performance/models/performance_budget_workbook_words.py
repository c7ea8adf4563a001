from odoo import models


class PerformanceBudgetWorkbook(models.AbstractModel):
    """What is said about a workbook that cannot be taken."""

    _inherit = "performance.budget.workbook"

    def _get_problem_text(self, problem, labels):
        """Return the sentence for a problem: what is wrong and what to do.

        :param labels: of the columns, by their name
        """
        value = problem.value
        parts = [labels.get(part, part) for part in value.split(", ")]
        words = {
            **self._get_file_problem_texts(value),
            **self._get_row_problem_texts(", ".join(parts)),
            **self._get_cell_problem_texts(value),
        }
        return words[problem.code]

    def _get_file_problem_texts(self, value):
        return {
            "too_large": self.env._("The file is larger than %s MB.", value),
            "old_excel": self.env._(
                "The file is of an old Excel format or has a password: save it as an"
                " Excel workbook (.xlsx) without one."
            ),
            "not_excel": self.env._(
                "This is no Excel workbook (.xlsx), or it is damaged: export it again."
            ),
            "damaged": self.env._(
                "The workbook is damaged: export it again and copy the values."
            ),
            "bomb": self.env._(
                "Unpacked, the workbook would be larger than %s MB or have too many"
                " parts: export it again and copy the values.",
                value,
            ),
            "macros": self.env._(
                "The workbook contains macros or embedded objects. Save it as an Excel"
                " workbook without macros (.xlsx)."
            ),
            "links": self.env._(
                "The workbook refers to other files or data sources. Break the links"
                " and save it again."
            ),
            "hidden": self.env._(
                "The sheet is hidden. Show or delete it, so that everybody sees what is"
                " imported."
            ),
            "no_identity": self.env._(
                "The workbook does not say which plan it belongs to: export the plan"
                " here and fill in that file."
            ),
            "no_sheet": self.env._("No sheet holds a plan: export it again."),
            "wrong_format": self.env._(
                "The workbook is of another version: export it again."
            ),
            "wrong_company": self.env._(
                "The workbook belongs to another company than “%s”.", value
            ),
            "wrong_model": self.env._("The workbook does not belong to “%s”.", value),
            "wrong_document": self.env._(
                "The workbook was exported from something else than “%s”.", value
            ),
        }

    def _get_row_problem_texts(self, value):
        return {
            "missing_columns": self.env._("Columns are missing: %s.", value),
            "double_columns": self.env._("Columns stand here twice: %s.", value),
            "too_many_rows": self.env._("A workbook may have %s lines at most.", value),
            "no_rows": self.env._("There is no line below the headings."),
            "twice": self.env._("The line stands in row %s already.", value),
            "gone": self.env._(
                "The line is not in the plan any more: export it again, or make it a"
                " new line."
            ),
            "key_changed": self.env._(
                "“%s” of a line cannot be changed here, or it was renamed since the"
                " export: remove the line and add a new one, or export again.",
                value,
            ),
            "same_key": self.env._(
                "Row %s plans for the same position, department and project already.",
                value,
            ),
            "key_taken": self.env._(
                "The plan has a line for this position, department and project already."
            ),
            "plan_twice": self.env._(
                "Department and “%s” are of one analytic plan: make a line for each.",
                value,
            ),
            "required": self.env._("“%s” is missing.", value),
        }

    def _get_cell_problem_texts(self, value):
        return {
            "formula": self.env._(
                "“%s” is a formula. Copy the cell and paste its value instead.", value
            ),
            "sign": self.env._(
                "“%s” begins with a sign that spreadsheets take for a formula: put a"
                " word first.",
                value,
            ),
            "error_value": self.env._("The cell shows an error (%s).", value),
            "no_amount": self.env._("“%s” is no number.", value),
            "not_finite": self.env._("“%s” is no number that can be planned.", value),
            "negative": self.env._("%s is negative: an amount is zero or more.", value),
            "too_high": self.env._("%s is more than can be planned.", value),
            "too_long": self.env._("The text is longer than %s characters.", value),
            "unknown": self.env._("“%s” is not in the list to choose from.", value),
            "no_id": self.env._(
                "“%s” is not the number of a line: export it again.", value
            ),
        }
