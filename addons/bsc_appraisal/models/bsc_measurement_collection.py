from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

BATCH = 500
KEPT_IDS = 2000


class Found(NamedTuple):
    """What a source says about one subject: a value with the records behind it, or why
    there is none.
    """

    value: float | None = None
    model: str = ""
    ids: tuple[int, ...] = ()
    error: str = ""
    text: str = ""


class BscMeasurement(models.Model):
    """Figures that the system collects: computed again every night until they lock.

    A further kind of source is a value of ``bsc.measurement.source.kind`` and a method
    ``_collect_<kind>(source, first, last)`` that returns
    ``{subject_key: Found}``.
    """

    _inherit = "bsc.measurement"

    source_id = fields.Many2one(
        "bsc.measurement.source",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    source_model = fields.Char(readonly=True, copy=False)
    source_ids = fields.Json(string="Source Record Ids", readonly=True, copy=False)
    source_count = fields.Integer(readonly=True, copy=False, string="Source Records")
    source_error = fields.Char(readonly=True, copy=False, string="Not Collected")

    def action_open_sources(self):
        """Open the records that the figure was computed from, as far as the reader of
        this figure may read them.
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.display_name,
            "res_model": self.source_model or self._name,
            "view_mode": "list,form",
            "domain": [("id", "in", self.source_ids or [])],
        }

    @api.model
    def _cron_collect(self):
        """Collect what has a source, formulas last, a batch per commit."""
        Source = self.env["bsc.measurement.source"]
        sources = Source.search([("active", "=", True)])
        for source in sources._sort_by_need():
            figures = self.search(self._get_collectable_domain(source))
            for start in range(0, len(figures), BATCH):
                batch = figures[start : start + BATCH]
                batch._collect(source)
                left = self.env["ir.cron"]._commit_progress(
                    len(batch), remaining=len(figures) - start - len(batch)
                )
                if not left:
                    return

    @api.model
    def _get_collectable_domain(self, source):
        """Return the figures of a source that are over and not locked yet."""
        today = fields.Date.context_today(self)
        return [
            ("indicator_id", "=", source.indicator_id.id),
            ("version", "=", 1),
            ("date_to", "<", today),
            "|",
            ("date_lock", "=", False),
            ("date_lock", ">", today),
            "|",
            ("state", "=", "due"),
            ("source_id", "!=", False),
            ("is_current", "=", True),
        ]

    def _collect(self, source):
        """Store what the source says; what it cannot say stays due, with the reason."""
        for (first, last), figures in self.grouped(
            lambda figure: (figure.date_from, figure.date_to)
        ).items():
            try:
                with self.env.cr.savepoint():
                    collect = getattr(figures, f"_collect_{source.kind}")
                    found = collect(source, first, last)
            except (AccessError, ValidationError) as error:
                failed = Found(error=str(error).splitlines()[0])
                found = dict.fromkeys(figures.mapped("subject_key"), failed)
            for figure in figures:
                figure._store_found(source, found.get(figure.subject_key, Found()))

    def _store_found(self, source, found):
        vals = {"source_id": source.id, "source_error": found.error or False}
        if found.value is None:
            vals["source_error"] = found.error or self.env._(
                "No records in the period."
            )
            vals["state"] = "due"
        else:
            now = fields.Datetime.now()
            vals |= {
                "value": found.value,
                "answer": "value" if found.value else "zero",
                "state": "verified",
                "date_entered": now,
                "date_verified": now,
                "source_model": found.model,
                "source_ids": list(found.ids[:KEPT_IDS]),
                "source_count": len(found.ids),
                "note": found.text,
            }
        self.sudo().write(vals)  # closed to clients; the system collects

    def _get_verified_values(self, first, last, subject_keys):
        """Return ``{subject_key: {code: (value, figure id)}}`` of a period."""
        found = self.search(
            [
                ("company_id", "in", self.company_id.ids),
                ("subject_key", "in", list(subject_keys)),
                ("date_from", "=", first),
                ("date_to", "=", last),
                ("state", "=", "verified"),
                ("is_current", "=", True),
                ("answer", "!=", "not_applicable"),
            ]
        )
        values = defaultdict(dict)
        for figure in found:
            code = figure.indicator_id.code
            values[figure.subject_key][code] = (figure.value, figure.id)
        return values
