from odoo import Command, api, fields, models
from odoo.exceptions import UserError

LEVELS = {"ok": "info", "alert": "warning", "hold": "warning", "block": "danger"}


class PerformanceBudgetCheck(models.TransientModel):
    """Tells why claims are stopped, on which line, what is left and what to do."""

    _name = "performance.budget.check"
    _description = "Budget Check"

    expense_ids = fields.Many2many("hr.expense", string="Claims", readonly=True)
    action = fields.Selection(
        [("alert", "Alert"), ("hold", "Hold"), ("block", "Block")], readonly=True
    )
    line_ids = fields.One2many(
        "performance.budget.check.line", "check_id", readonly=True
    )
    can_ask = fields.Boolean(compute="_compute_can_ask")
    can_request = fields.Boolean(compute="_compute_can_ask")
    reason = fields.Text()

    @api.depends("action", "expense_ids", "line_ids.owner_id")
    def _compute_can_ask(self):
        for check in self:
            check.can_request = check.action == "hold" and len(check.expense_ids) == 1
            check.can_ask = not check.can_request and bool(check.line_ids.owner_id)

    def _has_field_access(self, field, operation):
        # What a check says is not for its reader to write; his reason is.
        if operation == "write" and field.name != "reason" and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_request(self):
        """Ask for an authorisation of the held claim, with the figures shown here.

        :raise ValidationError: without a reason, or when it was asked already
        """
        self.ensure_one()
        if not self.can_request:
            raise UserError(
                self.env._("Only one held claim at a time can be asked for.")
            )
        request = self.env["performance.budget.authorization"]._request(
            self.expense_ids,
            self.reason,
            self.expense_ids._get_authorization_needs(),
        )
        return self._notify(
            self.env._(
                "%s decides. The claim submits itself once it is granted.",
                request.sudo().waiting_for,  # the names of those who decide
            )
        )

    def action_ask_owner(self):
        """Ask the owners of the lines to make room; asking twice asks once.

        :raise UserError: nobody answers for the lines
        """
        self.ensure_one()
        self.expense_ids.check_access("read")
        owners = self.line_ids.owner_id
        if not owners:
            raise UserError(self.env._("Nobody owns these lines. Ask finance."))
        for line in self.line_ids.filtered("owner_id"):
            line._ask_owner(self.expense_ids)
        return self._notify(
            self.env._(
                "%s was asked. The claim stays a draft until there is room.",
                ", ".join(owners.sudo().mapped("name")),  # a name, nothing else
            )
        )

    def _notify(self, message):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _open(self, expenses, problems, decision):
        """Return the action that shows the dialog.

        :param problems: sentences on what is not in the budget
        :param decision: :class:`~..tools.control.Decision` on the lines
        """
        with_amounts = self._shows_amounts(expenses.company_id)
        refused = [v for v in decision.verdicts if v.action in ("hold", "block")]
        Line = self.env["performance.budget.check.line"]
        vals_list = [
            Line._prepare_problem_vals(expenses, problem) for problem in problems
        ] + [Line._prepare_verdict_vals(verdict, with_amounts) for verdict in refused]
        # sudo: nobody may make up what a check says; the reader is its creator
        check = self.sudo().create(
            {
                "expense_ids": [Command.set(expenses.ids)],
                "action": "block" if problems else decision.action,
                "line_ids": [Command.create(vals) for vals in vals_list],
            }
        )
        titles = {
            "hold": self.env._("Held by the Budget"),
            "block": self.env._("Blocked by the Budget"),
        }
        return {
            "type": "ir.actions.act_window",
            "name": titles[check.action],
            "res_model": self._name,
            "res_id": check.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    @api.model
    def _get_alerts(self, company, problems, decision, asks=True):
        """Return the hint of a document for the ``actionable_errors`` widget.

        :param asks: False for a document that has passed: what it uses is said, not
            what it could do to pass
        """
        Control = self.env["performance.budget.control"]
        with_amounts = self._shows_amounts(company)
        alerts = {
            f"problem_{number}": {"level": "danger", "message": problem}
            for number, problem in enumerate(problems)
        }
        for verdict in decision.verdicts:
            way_out = asks and Control._get_way_out(verdict)
            words = (Control._explain(verdict, with_amounts), way_out)
            alerts[f"line_{verdict.usage.line_id}"] = {
                "level": LEVELS[verdict.action] if asks else "info",
                "message": " ".join(filter(None, words)),
            }
        return alerts or False

    @api.model
    def _shows_amounts(self, companies):
        """Finance and owners see amounts; employees when their company says so."""
        return all(
            companies.sudo().mapped("budget_show_amounts")
        ) or self.env.user.has_group("budget_performance.group_budget_owner")
