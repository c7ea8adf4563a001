from collections import Counter

from dateutil.relativedelta import relativedelta

from odoo import Command, api, fields, models

from .performance_budget_review import DAYS_TO_REVIEW


class PerformanceBudgetReview(models.Model):
    """Asks each department for its review and fills in what the system knows."""

    _inherit = "performance.budget.review"

    @api.model
    def _cron_ask(self):
        """Ask for the quarter that is over, department by department, once."""
        companies = self.env["performance.budget"]._read_group(
            [("state", "in", ("approved", "closed"))], ["company_id"]
        )
        for done, (company,) in enumerate(companies, start=1):
            self._ask(company)
            self.env["ir.cron"]._commit_progress(
                processed=1, remaining=len(companies) - done
            )

    def action_ask(self):
        """Ask the departments of the current companies for the last quarter.

        :raise AccessError: for anybody but finance
        """
        self._check_finance()
        for company in self.env.companies:
            # sudo: reviews are made by the system; the group was checked
            self.sudo()._ask(company)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_review_action"
        )

    @api.model
    def _ask(self, company):
        """Make the missing reviews of a company and tell who is to do them.

        :return: the new reviews
        """
        self.env.cr.flush()  # the ledger follows this transaction's documents first
        date_from, date_to = self._get_last_quarter()
        lines = self._get_quarter_lines(company, date_from, date_to)
        known = self.search(
            [("company_id", "=", company.id), ("date_from", "=", date_from)]
        ).department_id
        today = fields.Date.context_today(self)
        reviews = self.create(
            [
                {
                    "company_id": company.id,
                    "department_id": department.id,
                    "user_id": self._get_responsible(department, found).id,
                    "date_from": date_from,
                    "date_to": date_to,
                    "date_deadline": today + relativedelta(days=DAYS_TO_REVIEW),
                }
                for department, found in lines.grouped("department_id").items()
                if department and department not in known
            ]
        )
        reviews._fill_in()
        for review in reviews.filtered("user_id"):
            review.with_context(lang=review.user_id.lang).activity_schedule(
                "mail.mail_activity_data_todo",
                summary=review.with_context(lang=review.user_id.lang).env._(
                    "Review the quarter of %s", review.department_id.name
                ),
                date_deadline=review.date_deadline,
                user_id=review.user_id.id,
            )
        return reviews

    @api.model
    def _get_quarter_lines(self, company, date_from, date_to):
        return self.env["performance.budget.indicator"]._get_lines(
            company, date_from, date_to
        )

    @api.model
    def _get_responsible(self, department, lines):
        """Return who is asked: the manager, else the owner of most of the lines."""
        managers = department.manager_id.user_id
        group = self.env.ref("budget_performance.group_budget_owner")
        if managers and managers in group.all_user_ids:
            return managers
        owners = Counter(line.owner_id for line in lines if line.owner_id)
        return owners.most_common(1)[0][0] if owners else managers.browse()

    def _fill_in(self):
        """Take the figures of the lines as they are now."""
        Indicator = self.env["performance.budget.indicator"]
        for review in self:
            lines = self._get_quarter_lines(
                review.company_id, review.date_from, review.date_to
            ).filtered(lambda x, r=review: x.department_id == r.department_id)
            once = Indicator._count_once(lines)
            figures = Indicator._get_figures(
                {line.id: line for line in lines}, review.date_from, review.date_to
            )
            review.write(
                {
                    "date_figures": fields.Datetime.now(),
                    "line_ids": [
                        Command.clear(),
                        *(
                            Command.create(
                                review._get_line_values(line, figures[line.id])
                                | {"is_in_pool": line not in once}
                            )
                            for line in lines
                        ),
                    ],
                }
            )

    def _get_line_values(self, line, quarter):
        forecast = line.forecast_line_id
        expected = forecast.amount_expected if forecast else line.amount_used
        return {
            "line_id": line.id,
            "company_id": line.company_id.id,
            "quarter_planned": quarter.planned,
            "quarter_used": quarter.actual + quarter.bound,
            "amount_planned": line.amount_planned,
            "amount_used": line.amount_used,
            "amount_expected": expected,
            "amount_left": line.amount_planned - expected,
            "warning": forecast._get_warning_text() if forecast else False,
        }
