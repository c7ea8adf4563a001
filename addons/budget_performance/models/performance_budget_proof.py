from markupsafe import Markup

from odoo import models
from odoo.exceptions import UserError

from .performance_budget_audit import LISTED


class PerformanceBudget(models.Model):
    """How a budget is proven and, when it does not agree, put right."""

    _inherit = "performance.budget"

    def action_audit(self):
        """Compare the ledger of the budget with its documents and balances."""
        self.ensure_one()
        self.check_access("read")
        problems = self.env["performance.budget.audit"]._find_problems(self)
        agreed = self.env._("Documents, entries and balances agree.")
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if problems else "success",
                "message": "\n".join(problems[:LISTED]) or agreed,
                "sticky": bool(problems),
            },
        }

    def action_repair(self):
        """Book the differences between the documents and the ledger.

        Corrections are new entries, as ever; no rule is asked, facts are facts.

        :raise UserError: not a finance manager
        """
        self.ensure_one()
        if not self.env.user.has_group("budget_performance.group_budget_manager"):
            raise UserError(self.env._("Only a finance manager can repair a ledger."))
        self.check_access("write")
        Audit = self.env["performance.budget.audit"]
        problems = Audit._find_problems(self)
        for model, rows in Audit._find_drifts(self).items():
            documents = self.env[model].browse(sorted({row.res_id for row in rows}))
            self.env["performance.budget.ledger"]._sync({model: documents})
        unbalanced = Audit._find_unbalanced_lines(self)
        # sudo: balances have one writer and nobody has rights on them
        self.env["performance.budget.balance"].sudo()._rebuild(unbalanced.ids)
        if problems:
            self._log_problems(self.env._("Repaired:"), problems)
        return self.action_audit()

    def _report_problems(self, problems):
        """Give the responsible one activity with the list, however many nights."""
        summary = self.env._("The budget ledger does not agree with its documents")
        self._report_findings(summary, problems)

    def _report_stale(self, stale):
        """Give the responsible one activity with the documents that hold money."""
        self._report_findings(self.env._("Documents hold budget for long"), stale)

    def _report_findings(self, summary, findings):
        self.ensure_one()
        if summary not in self.activity_ids.mapped("summary"):
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=(self.user_id or self.approved_by_id or self.env.user).id,
                summary=summary,
                note=self._format_problems(findings),
            )

    def _log_problems(self, title, problems):
        listed = self._format_problems(problems)
        self._message_log(body=Markup("<p>%s</p>%s") % (title, listed))

    def _format_problems(self, problems):
        items = [Markup("<li>%s</li>") % problem for problem in problems[:LISTED]]
        if len(problems) > LISTED:
            items.append(
                Markup("<li>%s</li>")
                % self.env._("… and %s more.", len(problems) - LISTED)
            )
        return Markup("<ul>%s</ul>") % Markup("").join(items)
