from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError, ValidationError

VALID_DAYS = 30


class PerformanceBudgetAuthorization(models.Model):
    """A request to pass a band that holds a document.

    It names the document, the budget lines and the amounts; the levels decide one
    after the other. Granted, it lets exactly this document hold at most these
    amounts until it expires: a document that grew has to ask again. It never passes
    a band that blocks.
    """

    _name = "performance.budget.authorization"
    _description = "Budget Authorisation"
    _inherit = [
        "performance.budget.approval",
        "performance.budget.document.record",
        "mail.thread",
        "mail.activity.mixin",
    ]
    _order = "id desc"
    _rec_name = "document_name"

    _PROTECTED = frozenset(
        {
            "state",
            "res_model",
            "res_id",
            "document_name",
            "requester_id",
            "company_id",
            "line_ids",
            "decision_ids",
            "date_expiry",
            "amount",
            "reason",
        }
    )

    requester_id = fields.Many2one("res.users", required=True, readonly=True)
    reason = fields.Text(required=True)
    amount = fields.Monetary(
        required=True, readonly=True, help="The largest amount asked for on a line."
    )
    state = fields.Selection(
        [
            ("requested", "Requested"),
            ("granted", "Granted"),
            ("refused", "Refused"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="requested",
        readonly=True,
        index=True,
        copy=False,
        tracking=True,
    )
    date_expiry = fields.Date(string="Valid Until", readonly=True, copy=False)
    line_ids = fields.One2many(
        "performance.budget.authorization.line", "authorization_id", readonly=True
    )
    decision_ids = fields.One2many(
        "performance.budget.authorization.decision", "authorization_id", readonly=True
    )

    _document = models.Index("(res_model, res_id)")

    # Never copied: there is no copy to call.
    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self.env._("Ask for a new authorisation from the document."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("Authorisations are kept: cancel it instead."))

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_grant(self):
        """Grant the step that is yours; with the last one the document goes on."""
        self._decide("granted")

    def action_refuse(self):
        """Ask why; then the document stays where it is."""
        for request in self:
            request._check_can_decide()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "budget_performance.performance_budget_authorization_refuse_action"
        )
        return {**action, "context": {"default_authorization_ids": self.ids}}

    def action_cancel(self):
        """Take back your own request."""
        for request in self:
            if request.state != "requested" or request.requester_id != self.env.user:
                raise UserError(
                    self.env._(
                        "Only an open request can be taken back, by who made it."
                    )
                )
        self.sudo().state = "cancelled"  # protected, checked above
        self.sudo().activity_unlink(["mail.mail_activity_data_todo"])  # as above

    @api.model
    def _request(self, document, reason, needs):
        """Ask for a held document.

        :param document: the record that is held
        :param needs: list of values of authorisation lines, see the line model
        :return: the request, in the rights of the person who asks
        :raise ValidationError: without a reason, or asked twice
        """
        if not (reason or "").strip():
            raise ValidationError(self.env._("Say why the money is needed."))
        document.check_access("write")
        # sudo: who asks does not write on authorisations, nor read budget lines
        Request_sudo = self.sudo()
        if Request_sudo._find_open(document):
            raise ValidationError(
                self.env._(
                    "“%s” is waiting for its answer already.", document.display_name
                )
            )
        request_sudo = Request_sudo.create(
            {
                "document_name": document.display_name,
                "res_model": document._name,
                "res_id": document.id,
                "company_id": document.company_id.id,
                "requester_id": self.env.uid,
                "reason": reason,
                "amount": max(need["amount"] for need in needs),
                "line_ids": [
                    Command.create({**need, "company_id": document.company_id.id})
                    for need in needs
                ],
            }
        )
        if not request_sudo._get_deciders():
            raise ValidationError(
                self.env._("Nobody can decide this: ask finance to set the levels.")
            )
        request_sudo._notify_deciders()
        return request_sudo.sudo(False)

    @api.model
    def _find_open(self, document):
        return self.search(
            [
                ("res_model", "=", document._name),
                ("res_id", "in", document.ids),
                ("state", "=", "requested"),
            ]
        )

    @api.model
    def _get_allowed(self, res_model, res_ids):
        """Return what granted requests let documents hold today.

        :return: ``{(res_id, line_id, month): largest amount}``
        """
        requests = self.search(
            [
                ("res_model", "=", res_model),
                ("res_id", "in", list(res_ids)),
                ("state", "=", "granted"),
                ("date_expiry", ">=", fields.Date.today()),
            ]
        )
        allowed = {}
        for request in requests:
            for line in request.line_ids:
                key = (request.res_id, line.line_id.id, line.month)
                allowed[key] = max(line.amount, allowed.get(key, 0.0))
        return allowed

    def _finish(self, state):
        self.state = state
        if state == "granted":
            self.date_expiry = fields.Date.today() + timedelta(days=VALID_DAYS)
        messages = {
            "granted": self.env._("“%s” was authorised.", self.document_name),
            "refused": self.env._(
                "“%(document)s” was not authorised: %(comment)s",
                document=self.document_name,
                comment=self.decision_ids[-1:].comment or "",
            ),
        }
        self._tell_requester(messages[state])
