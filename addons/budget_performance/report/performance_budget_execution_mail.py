import base64

from odoo import api, fields, models


class PerformanceBudgetExecution(models.AbstractModel):
    """Sends the execution report to whom the settings name, once a month."""

    _inherit = "performance.budget.execution"

    @api.model
    def _cron_mail(self):
        """Send every company's reports, each reader what he may read."""
        companies = self.env["res.company"].search(
            [("budget_execution_mail", "=", True)]
        )
        for done, company in enumerate(companies, start=1):
            for user in company.budget_execution_user_ids:
                self._mail(company, user)
            self.env["ir.cron"]._commit_progress(
                processed=1, remaining=len(companies) - done
            )

    @api.model
    def _mail(self, company, user):
        """Send a user the reports of the budgets of a company that are in force.

        :return: the mail, empty when there is nothing for him to read
        """
        Mail_sudo = self.env["mail.mail"].sudo()  # the job sends, the user only reads
        if not user.active or not user.email or company not in user.company_ids:
            return Mail_sudo
        reader = self.with_user(user).with_context(
            lang=user.lang, allowed_company_ids=company.ids
        )
        Budget = reader.env["performance.budget"]
        if not Budget.has_access("read"):
            return Mail_sudo
        today = fields.Date.context_today(self)
        budgets = Budget.search(
            [
                ("company_id", "=", company.id),
                ("state", "=", "approved"),
                ("date_from", "<=", today),
                ("date_to", ">=", today),
            ]
        ).filtered("line_ids")
        if not budgets:
            return Mail_sudo
        return Mail_sudo.create(
            {
                "subject": reader.env._("Budget execution of %s", company.name),
                "email_to": user.email_formatted,
                "email_from": company.email_formatted or self.env.user.email_formatted,
                "body_html": reader._render_mail(budgets),
                "attachment_ids": [
                    fields.Command.create(
                        {
                            "name": f"{budget.name}.xlsx",
                            "datas": base64.b64encode(reader._get_workbook(budget)),
                        }
                    )
                    for budget in budgets
                ],
                "auto_delete": True,
            }
        )

    @api.model
    def _render_mail(self, budgets):
        return self.env["ir.qweb"]._render(
            "budget_performance.performance_budget_execution_mail", {"budgets": budgets}
        )
