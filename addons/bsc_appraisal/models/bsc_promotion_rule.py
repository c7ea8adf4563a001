from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tools import promotion as core


class BscPromotionRule(models.Model):
    """What has to be the case before somebody gets a post.

    A rule for a post takes the place of the general one, a company's own of the shared
    one. Whether somebody fulfils it is computed for all people at once.
    """

    _name = "bsc.promotion.rule"
    _description = "Promotion Rule"
    _order = "job_id, company_id, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: every company."
    )
    job_id = fields.Many2one(
        "hr.job",
        string="Post",
        check_company=True,
        index="btree_not_null",
        ondelete="cascade",
        help="Empty: every post without a rule of its own.",
    )
    grade_id = fields.Many2one(
        "bsc.grade",
        string="Rating at Least",
        ondelete="restrict",
        check_company=True,
        help="Of the last published result. Empty: any grade that allows promotion.",
    )
    months_in_post = fields.Integer(
        string="Months in the Present Post", default=12, required=True
    )
    months_poor = fields.Integer(
        string="A Poor Result Counts for (Months)",
        default=24,
        required=True,
        help="As long, it asks for a finished development plan and a later result that"
        " is better. 0: for ever.",
    )
    with_skills = fields.Boolean(
        string="Skills of the Post",
        help="Every skill that the post asks for, at the level that it asks for.",
    )

    _scope_uniq = models.UniqueIndex(
        "(COALESCE(company_id, 0), COALESCE(job_id, 0)) WHERE active IS TRUE",
        "There is a rule for this post already.",
    )
    _months = models.Constraint(
        "CHECK (months_in_post BETWEEN 0 AND 600 AND months_poor BETWEEN 0 AND 600)",
        "Months lie between 0 and 600.",
    )

    @api.model
    def _find(self, company, job):
        """Return the rule of a post; the most particular one counts.

        :raise UserError: there is none
        """
        rules = self.search(
            [
                ("company_id", "in", (False, company.id)),
                ("job_id", "in", (False, job.id)),
            ]
        )
        if not rules:
            raise UserError(
                self.env._(
                    "Nothing says yet what a promotion takes: add a promotion rule in"
                    " the configuration."
                )
            )
        return max(rules, key=lambda rule: (bool(rule.job_id), bool(rule.company_id)))

    def _judge(self, employees, job, day):
        """Return every condition for each of the people, in sudo.

        :return: ``{employee: [tools.promotion.Condition]}``
        """
        self.ensure_one()
        rule = core.Rule(
            day=day,
            lowest=self.grade_id.score_min if self.grade_id else None,
            months=self.months_in_post,
            months_poor=self.months_poor,
            skills=self._get_needed_skills(job),
        )
        results = self._get_results(employees)
        plans = self._get_finished_plans(employees)
        since = self._get_since(employees, day)
        skills = self._get_skills(employees) if rule.skills else {}
        return {
            employee: core.judge(
                rule,
                core.Person(
                    tuple(results.get(employee, ())),
                    plans.get(employee, {}),
                    since.get(employee),
                    skills.get(employee, {}),
                ),
            )
            for employee in employees
        }

    @api.model
    def _get_published_cards(self, employees):
        """Return their rated, published scorecards, oldest first."""
        return (
            self.env["bsc.scorecard"]
            .search(
                [
                    ("subject_kind", "=", "employee"),
                    ("employee_id", "in", employees.ids),
                    ("published_date", "!=", False),
                    ("rating_id", "!=", False),
                ]
            )
            .sorted(lambda card: (card.cycle_id.date_to, card.id))
        )

    @api.model
    def _get_results(self, employees):
        results = {}
        for card in self._get_published_cards(employees):
            rating = card.rating_id
            results.setdefault(card.employee_id, []).append(
                core.Result(
                    card.cycle_id.date_to,
                    card.score,
                    rating.score_min,
                    rating.is_poor,
                    rating.allows_promotion,
                )
            )
        return results

    @api.model
    def _get_finished_plans(self, employees):
        plans = {}
        for plan in self.env["bsc.development.plan"].search(
            [("employee_id", "in", employees.ids), ("state", "!=", "cancelled")]
        ):
            finished = plans.setdefault(plan.employee_id, {})
            finished[plan.cycle_id.date_to] = plan.state == "done"
        return plans

    @api.model
    def _get_since(self, employees, day):
        """Return since when each has been in the post of that day."""
        versions = {}
        for version in self.env["hr.version"].search(
            [("employee_id", "in", employees.ids)], order="date_version, id"
        ):
            first = version.date_version
            known = versions.setdefault(version.employee_id, [])
            if not known and version.contract_date_start:
                first = min(first, version.contract_date_start)
            known.append((first, version.job_id.id))
        return {
            employee: core.time_in_post(steps, day)
            for employee, steps in versions.items()
        }

    def _get_needed_skills(self, job):
        if not self.with_skills:
            return {}
        return {
            skill.skill_id.id: skill.level_progress
            for skill in job.current_job_skill_ids
        }

    @api.model
    def _get_skills(self, employees):
        return {
            employee: {
                skill.skill_id.id: skill.level_progress
                for skill in employee.current_employee_skill_ids
            }
            for employee in employees
        }

    @api.model
    def _describe(self, conditions):
        """Return the conditions as sentences, each with its mark.

        :param conditions: ``[[code, met, values]]`` as stored
        """
        return "\n".join(
            f"{'✓' if met else '✗'} {self._describe_condition(code, met, values)}"
            for code, met, values in conditions or ()
        )

    @api.model
    def _describe_condition(self, code, met, values):
        if code == "rating":
            if not values:
                return self.env._("No published result yet.")
            if met:
                return self.env._("The last rating is good enough.")
            return self.env._("The last rating is below what the post asks for.")
        if code == "months":
            return self.env._(
                "%(months)s months in the present post, %(needed)s are needed.",
                **values,
            )
        if code == "poor":
            return self.env._("No poor result that still counts.")
        if code == "skills":
            if met:
                return self.env._("All skills that the post asks for.")
            names = self.env["hr.skill"].browse(values["missing"]).exists()
            return self.env._(
                "Skills missing or below the level of the post: %s.",
                ", ".join(names.mapped("name")),
            )
        end = fields.Date.to_date(values["end"])
        if code == "plan":
            if met:
                return self.env._(
                    "The development plan after the poor result of %s is finished.", end
                )
            return self.env._(
                "After the poor result of %s: no finished development plan.", end
            )
        if met:
            return self.env._("Re-assessed after the poor result of %s: better.", end)
        return self.env._("Not yet re-assessed after the poor result of %s.", end)
