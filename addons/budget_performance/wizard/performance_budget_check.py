from odoo import Command, api, fields, models
from odoo.exceptions import UserError

LEVELS = {"ok": "info", "alert": "warning", "hold": "warning", "block": "danger"}

# A long bill touches many lines; the worst come first.
HINTS = 5


class PerformanceBudgetCheck(models.TransientModel):
    """Tells why documents are stopped, on which line, what is left, what to do."""

    _name = "performance.budget.check"
    _description = "Budget Check"

    res_model = fields.Char(string="Document Model", readonly=True)
    res_ids = fields.Json(string="Document IDs", readonly=True)
    action = fields.Selection(
        [("alert", "Alert"), ("hold", "Hold"), ("block", "Block")], readonly=True
    )
    line_ids = fields.One2many(
        "performance.budget.check.line", "check_id", readonly=True
    )
    can_ask = fields.Boolean(compute="_compute_can_ask")
    can_request = fields.Boolean(compute="_compute_can_ask")
    reason = fields.Text()
    attachment_ids = fields.Many2many("ir.attachment", string="Attachments")

    @api.depends("action", "res_ids", "line_ids.owner_id")
    def _compute_can_ask(self):
        for check in self:
            documents = check.res_ids or []
            check.can_request = check.action == "hold" and len(documents) == 1
            check.can_ask = not check.can_request and bool(check.line_ids.owner_id)

    def _has_field_access(self, field, operation):
        # What a check says is not for its reader to write; what he says is.
        own = ("reason", "attachment_ids")
        if operation == "write" and field.name not in own and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_request(self):
        """Ask for an authorisation of the held document, with the figures shown here.

        :raise ValidationError: without a reason, or when it was asked already
        """
        self.ensure_one()
        if not self.can_request:
            raise UserError(
                self.env._("Only one held document at a time can be asked for.")
            )
        document = self._get_documents()
        request = self.env["performance.budget.authorization"]._request(
            document, self.reason, document._get_authorization_needs()
        )
        self._hand_over_attachments(request)
        waiting_for = request.sudo().waiting_for  # the names of those who decide
        if document._budget_continues:
            message = self.env._(
                "%s decides. The document goes on by itself once it is granted.",
                waiting_for,
            )
        else:
            message = self.env._(
                "%s decides. You are told when the document can go on.", waiting_for
            )
        return self._notify(message)

    def action_ask_owner(self):
        """Ask the owners of the lines to make room; asking twice asks once.

        :raise UserError: nobody answers for the lines
        """
        self.ensure_one()
        documents = self._get_documents()
        documents.check_access("read")
        owners = self.line_ids.owner_id
        if not owners:
            raise UserError(self.env._("Nobody owns these lines. Ask finance."))
        for line in self.line_ids.filtered("owner_id"):
            line._ask_owner(documents)
        return self._notify(
            self.env._(
                "%s was asked. The document waits until there is room.",
                ", ".join(owners.sudo().mapped("name")),  # a name, nothing else
            )
        )

    def _get_documents(self):
        """Return what is stopped, in the rights of the reader."""
        return self.env[self.res_model].browse(self.res_ids)

    def _hand_over_attachments(self, request):
        """Give what was uploaded here to the request, where deciders can read it.

        :raise UserError: one of them was not uploaded here, by this person
        """
        uploaded_sudo = self.attachment_ids.sudo()  # theirs is checked below
        if uploaded_sudo.filtered(
            lambda attachment: (
                attachment.create_uid != self.env.user
                or attachment.res_model != self._name
                or attachment.res_id not in (0, self.id)
            )
        ):
            raise UserError(
                self.env._("Upload the attachments here: others may be secret.")
            )
        if uploaded_sudo:
            uploaded_sudo.write({"res_model": request._name, "res_id": request.id})
            request.sudo().message_post(  # who asks does not write on requests
                body=self.reason, attachment_ids=uploaded_sudo.ids
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
    def _open(self, documents, outlook):
        """Return the action that shows the dialog.

        :param outlook: what the budget says to the documents
        """
        with_amounts = self._shows_amounts(documents.company_id)
        refused = [
            verdict
            for verdict in outlook.decision.verdicts
            if verdict.action in ("hold", "block")
        ]
        Line = self.env["performance.budget.check.line"]
        vals_list = [
            Line._prepare_problem_vals(documents, problem)
            for problem in outlook.problems
        ] + [Line._prepare_verdict_vals(verdict, with_amounts) for verdict in refused]
        # sudo: nobody may make up what a check says; the reader is its creator
        check = self.sudo().create(
            {
                "res_model": documents._name,
                "res_ids": documents.ids,
                "action": outlook.action,
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
    def _get_alerts(self, company, outlook, asks=True, advises=True):
        """Return the hint of a document for the ``actionable_errors`` widget.

        :param outlook: what the budget says to the document
        :param asks: False for a document that has passed: what it uses is said, not
            what it could do to pass
        :param advises: False for one that does already what can be done
        """
        Control = self.env["performance.budget.control"]
        with_amounts = self._shows_amounts(company)
        alerts = {
            f"budget_{level}_{number}": {"level": level, "message": text}
            for level, texts in (
                ("danger", outlook.problems),
                ("warning", outlook.warnings),
            )
            for number, text in enumerate(texts)
        }
        for verdict in outlook.decision.verdicts[:HINTS]:
            way_out = asks and advises and Control._get_way_out(verdict)
            words = (Control._explain(verdict, with_amounts), way_out)
            alerts[f"budget_line_{verdict.usage.line_id}"] = {
                "level": LEVELS[verdict.action] if asks else "info",
                "message": " ".join(filter(None, words)),
            }
        return alerts or False

    @api.model
    def _shows_amounts(self, companies):
        """Finance and owners see amounts; employees when their company says so."""
        # sudo: a setting of the company of the document
        return all(
            companies.sudo().mapped("budget_show_amounts")
        ) or self.env.user.has_group("budget_performance.group_budget_owner")
