from odoo import api, fields, models

from ..tools.feedback import GAP, GROUPS


class BscFeedback(models.Model):
    """What a closed round shows: a table of marks, what is missing and why."""

    _inherit = "bsc.feedback"

    report = fields.Html(compute="_compute_report", string="Results")
    is_readable = fields.Boolean(compute="_compute_report")

    @api.depends("state", "is_shown_to_subject", "is_shown_to_appraiser")
    @api.depends_context("uid", "lang")
    def _compute_report(self):
        """Draw what the rules let this person read, and nothing else."""
        for feedback in self:
            rows = feedback.env["bsc.feedback.result"].search(
                [("feedback_id", "=", feedback.id)]
            )
            feedback.is_readable = bool(rows)
            feedback.report = (
                self.env["ir.qweb"]._render(
                    "bsc_appraisal.feedback_report",
                    feedback._prepare_report(rows),
                    minimal_qcontext=True,
                )
                if rows
                else False
            )

    def _prepare_report(self, rows):
        """Return columns, lines and notes for the template."""
        labels = self._get_group_labels()
        fates = {one.rater_group: one for one in rows if not one.competency_id}
        cells = {(one.rater_group, one.competency_id.id): one for one in rows}
        columns = [
            group
            for group in GROUPS
            if group in fates and fates[group].status == "shown"
        ]
        lines = []
        asked = self.competency_ids
        for competency in [*asked, asked.browse()]:
            total = cells.get(("all", competency.id), rows.browse())
            lines.append(
                {
                    "name": competency.name or self.env._("All together"),
                    "is_total": not competency,
                    "total": total.value,
                    "gap": total.gap if total.has_gap else None,
                    "insight": total.has_gap and self._get_insight(total.gap),
                    "cells": [
                        cells[group, competency.id].value
                        if (group, competency.id) in cells
                        else 0.0
                        for group in columns
                    ],
                }
            )
        return {
            "columns": [(labels[group], fates[group].size) for group in columns],
            "lines": lines,
            "notes": self._get_report_notes(fates, labels),
            "comments": self._get_comments(),
        }

    def _get_insight(self, gap):
        if gap >= GAP:
            return self.env._("blind spot")
        return self.env._("hidden strength") if gap <= -GAP else ""

    def _get_report_notes(self, fates, labels):
        notes = []
        for group, row in fates.items():
            if row.status == "hidden":
                notes.append(
                    self.env._(
                        "%(group)s: fewer than %(least)s answers, so nothing is shown"
                        " and nothing counts in the totals.",
                        group=labels[group],
                        least=self.feedback_minimum,
                    )
                )
            elif row.status == "merged":
                notes.append(
                    self.env._(
                        "%(group)s: few answers, counted together with %(other)s.",
                        group=labels[group],
                        other=labels[row.merged_into],
                    )
                )
        return notes

    def _get_comments(self):
        comments = self.env["bsc.feedback.comment"].search(
            [("feedback_id", "=", self.id)]
        )
        kinds = dict(comments._fields["kind"]._description_selection(self.env))
        sources = dict(comments._fields["source"]._description_selection(self.env))
        return [
            (
                kinds[kind],
                [(sources[one.source], one.text) for one in group.sorted("source")],
            )
            for kind, group in comments.grouped("kind").items()
        ]
