import hashlib
import json
import logging
from functools import partial

from odoo import SUPERUSER_ID, Command, api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

_WAITING = "budget_performance.stops"

# Nobody needs to read more of one document and one day, whoever tries whatever.
MOST_A_DAY = 20


class PerformanceBudgetStop(models.Model):
    """How stops are written although the request that was stopped is undone."""

    _inherit = "performance.budget.stop"

    @api.model
    def _prepare_vals(self, document, verdicts, problems=(), month=None):
        """Return one stop as plain values, to be written when nothing else is left.

        :param document: the record that was stopped
        :param verdicts: what held or blocked it, worst first
        :param problems: sentences on what is not in the budget
        :param month: of the spending, when it is known
        """
        Control = self.env["performance.budget.control"]
        StopLine = self.env["performance.budget.stop.line"]
        lines = [StopLine._prepare_vals(verdict) for verdict in verdicts]
        sentences = list(problems) + [
            f"{Control._explain(verdict)}\n{Control._get_way_out(verdict)}"
            for verdict in verdicts
        ]
        actions = {line["action"] for line in lines}
        # sudo: who moved the document may not read all of it any more
        document_sudo = document.sudo()
        employees = "employee_id" in document._fields and document_sudo.employee_id
        return {
            "document_name": document_sudo.display_name,
            "res_model": document._name,
            "res_id": document.id,
            "company_id": document_sudo.company_id.id,
            "user_id": self.env.uid,
            "employee_id": employees.id if employees else False,
            "date": fields.Datetime.now(),
            "day": fields.Date.context_today(self),
            "action": next(
                (a for a in ("closed", "block", "hold") if a in actions), "unbudgeted"
            )
            if not problems
            else "unbudgeted",
            "message": "\n\n".join(sentences),
            "line_id": lines[0]["line_id"] if lines else False,
            "month": month,
            "amount": lines[0]["amount_requested"] if lines else 0.0,
            "line_ids": [Command.create(line) for line in lines],
            "fingerprint": self._get_fingerprint(document, lines, problems),
        }

    @api.model
    def _prepare_outlook_vals(self, document, outlook):
        """Return the stop of a document that is shown the dialog.

        :param outlook: what the budget says to it and to those stopped with it
        """
        refused = [
            verdict
            for verdict in outlook.decision.verdicts
            if verdict.action in ("hold", "block")
        ]
        months = refused and outlook.get_months(refused[0].usage.line_id)
        return self._prepare_vals(
            document, refused, outlook.problems, months[0][0] if months else None
        )

    @api.model
    def _get_fingerprint(self, document, lines, problems):
        """Return a hash of who was stopped with what, and why."""
        reasons = [
            [line["line_id"], line["rule_name"], f"{line['amount_requested']:.6f}"]
            for line in lines
        ]
        values = [document._name, document.id, self.env.uid, reasons, list(problems)]
        return hashlib.sha256(json.dumps(values).encode()).hexdigest()

    @api.model
    def _keep_afterwards(self, vals_list):
        """Write the stops when this transaction has ended, whichever way.

        A refusal rolls it back and the stops with it; where the refusal is caught
        (an import, a document that goes on by itself) it is committed.
        """
        cr, registry = self.env.cr, self.env.registry
        for callbacks in (cr.postrollback, cr.postcommit):
            waiting = callbacks.data.setdefault(_WAITING, [])
            if not waiting:
                callbacks.add(partial(_keep_aside, registry, waiting))
            waiting += vals_list

    @api.model
    def _keep(self, vals_list):
        """Write the stops of documents that exist, each reason once a day."""
        known = self._get_known(vals_list)
        counts = self._get_counts(vals_list)
        wanted = []
        for vals in vals_list:
            key = (vals["fingerprint"], fields.Date.to_date(vals["day"]))
            document = (vals["res_model"], vals["res_id"], key[1])
            if key in known or counts.get(document, 0) >= MOST_A_DAY:
                continue
            if not self.env[vals["res_model"]].browse(vals["res_id"]).exists():
                continue
            known.add(key)
            counts[document] = counts.get(document, 0) + 1
            wanted.append(vals)
        return self.create(wanted)

    @api.model
    def _get_known(self, vals_list):
        stops = self.search_fetch(
            [("fingerprint", "in", [vals["fingerprint"] for vals in vals_list])],
            ["fingerprint", "day"],
        )
        return {(stop.fingerprint, stop.day) for stop in stops}

    @api.model
    def _get_counts(self, vals_list):
        """Return ``{(res_model, res_id, day): number of stops}``."""
        rows = self.env.execute_query(
            SQL(
                """SELECT res_model, res_id, day, COUNT(*)
                     FROM performance_budget_stop
                    WHERE res_id = ANY(%s) AND day = ANY(%s::date[])
                 GROUP BY res_model, res_id, day""",
                [vals["res_id"] for vals in vals_list],
                [vals["day"] for vals in vals_list],
            )
        )
        return {tuple(document): count for *document, count in rows}


def _keep_aside(registry, vals_list):
    """Write the stops in a transaction of their own.

    The request has its answer already: it must not fail on this any more.
    """
    try:
        with registry.cursor() as cr:
            # Superuser: nobody may write what was said, and it is written for others.
            env = api.Environment(cr, SUPERUSER_ID, {})
            env["performance.budget.stop"]._keep(vals_list)
    except Exception as error:  # noqa: BLE001 - whatever it is, the answer stands
        _logger.warning("Budget stops were not kept: %s", error)
