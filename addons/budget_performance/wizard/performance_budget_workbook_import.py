import base64
import binascii

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ..tools import workbook_changes
from ..tools.workbook import MARK
from ..tools.workbook_guard import MAX_BYTES

MAX_SHOWN = 200


class PerformanceBudgetWorkbookImport(models.TransientModel):
    """Takes a workbook back: first shows what it would change, then changes it.

    What is shown is for people; applying reads the workbook once more, and writes only
    what it has shown.
    """

    _name = "performance.budget.workbook.import"
    _description = "Import of a Plan"
    _rec_name = "filename"

    document_ref = fields.Reference(
        selection="_get_documents", string="Plan", required=True, readonly=True
    )
    content = fields.Binary(string="Workbook", attachment=False)
    filename = fields.Char()
    state = fields.Selection(
        [("new", "New"), ("wrong", "With Problems"), ("ready", "Ready")],
        default="new",
        required=True,
        readonly=True,
    )
    problem_ids = fields.One2many(
        "performance.budget.workbook.import.problem", "import_id", readonly=True
    )
    problem_count = fields.Integer(readonly=True)
    line_ids = fields.One2many(
        "performance.budget.workbook.import.line", "import_id", readonly=True
    )
    created_count = fields.Integer(string="New Lines", readonly=True)
    changed_count = fields.Integer(string="Changed Lines", readonly=True)
    removed_count = fields.Integer(string="Removed Lines", readonly=True)
    kept_count = fields.Integer(string="Lines Not in the Workbook", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    stamp = fields.Char(readonly=True)
    exported_on = fields.Datetime(readonly=True)
    is_stale = fields.Boolean(readonly=True)
    is_confirmed = fields.Boolean(
        string="Import all the same",
        help="What others changed since the export becomes what the workbook says.",
    )

    @api.model
    def _get_documents(self):
        Workbook = self.env.registry["performance.budget.workbook"]
        return [
            (model._name, model._description)
            for model in map(self.env.__getitem__, sorted(self.env.registry))
            if isinstance(model, Workbook) and not model._abstract
        ]

    @api.onchange("content")
    def _onchange_content(self):
        self.state = "new"
        self.is_confirmed = False

    def action_read(self):
        """Read the workbook and show what it would change."""
        self.ensure_one()
        document = self.document_ref
        changes, choices, reading = document._read_workbook(self._get_content())
        columns = document._get_workbook_columns(choices)
        labels = {column.name: column.label for column in columns}
        self.write(
            {
                "state": "wrong" if changes.problems else "ready",
                "problem_ids": [Command.clear()]
                + [
                    Command.create(self._prepare_problem(problem, labels))
                    for problem in sorted(changes.problems, key=_place)[:MAX_SHOWN]
                ],
                "problem_count": len(changes.problems),
                "line_ids": [Command.clear()],
                "created_count": len(changes.created),
                "changed_count": len(changes.changed),
                "removed_count": len(changes.removed),
                "kept_count": changes.kept,
                "currency_id": document.currency_id.id,
                "stamp": reading.stamp,
                "exported_on": _as_datetime(reading.identity.get("date")),
                "is_stale": reading.identity.get("stamp") != reading.stamp,
                "is_confirmed": False,
            }
        )
        self.line_ids._insert(self, self._prepare_lines(changes, columns))
        return self._open()

    def action_apply(self):
        """Write what was shown, all of it or nothing."""
        self.ensure_one()
        document = self.document_ref
        changes, choices, reading = document._read_workbook(self._get_content())
        if changes.problems or reading.stamp != self.stamp:
            return self.action_read()  # somebody was faster: show it anew
        if reading.identity.get("stamp") != reading.stamp and not self.is_confirmed:
            raise UserError(
                self.env._(
                    "“%s” was changed after this workbook was exported. Look at what"
                    " the workbook would change and confirm it, or export again.",
                    document.display_name,
                )
            )
        document._apply_workbook(changes, choices)
        text = self.env._(
            "Workbook “%(name)s” imported: %(new)s new, %(changed)s changed and"
            " %(removed)s removed lines.",
            name=self.filename or "",
            new=len(changes.created),
            changed=len(changes.changed),
            removed=len(changes.removed),
        )
        document.message_post(body=text)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": text,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_export(self):
        """Download the plan as it is now."""
        self.ensure_one()
        return self.document_ref.action_export_workbook()

    def _open(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import a Workbook"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }

    def _get_content(self):
        """Return the bytes of the file.

        :raise UserError: there is none, or it is too large to be looked at
        """
        data = self.with_context(bin_size=False).content or b""
        if not data:
            raise UserError(self.env._("Choose the workbook that you filled in first."))
        if len(data) > MAX_BYTES * 2:
            raise UserError(
                self.env._("The file is larger than %s MB.", MAX_BYTES // 1024**2)
            )
        try:
            return base64.b64decode(data, validate=False)
        except binascii.Error:
            raise UserError(self.env._("The file could not be uploaded.")) from None

    def _prepare_problem(self, problem, labels):
        return {
            "sheet": problem.sheet,
            "row": problem.row,
            "cell": problem.cell,
            "reason": self.document_ref._get_problem_text(problem, labels),
        }

    def _prepare_lines(self, changes, columns):
        keys = [column.name for column in columns if column.is_key]
        labels = {column.name: column.label for column in columns}

        def prepare(kind, before, after, row, details=""):
            values = [
                labels[name] if row.texts[name] == MARK else row.texts[name]
                for name in keys
            ]
            return {
                "kind": kind,
                "name": " · ".join(text for text in values if text),
                "row": row.number,
                "amount_before": float(_total(before)) if before else 0.0,
                "amount_after": float(_total(after)) if after else 0.0,
                "details": details,
            }

        for row in changes.created:
            yield prepare("new", None, row, row)
        for before, after in changes.changed:
            names = workbook_changes.changed_names(before, after, columns)
            texts = [
                f"{labels[name]}: {before.texts[name] or '–'}"
                f" → {after.texts[name] or '–'}"
                for name in names
            ]
            if _total(before) == _total(after) and [*before.amounts] != [
                *after.amounts
            ]:
                texts.append(self.env._("Other months"))
            yield prepare("changed", before, after, after, "; ".join(texts))
        for row in changes.removed:
            yield prepare("removed", row, None, row)


def _total(row):
    return sum(row.amounts)


def _place(problem):
    return problem.sheet, problem.row, len(problem.cell), problem.cell


def _as_datetime(text):
    try:
        return fields.Datetime.to_datetime(text)
    except (TypeError, ValueError):
        return False
