from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from ..tools import money, override


class PerformanceBudgetDocument(models.AbstractModel):
    """How a document that is stopped passes by the right of somebody else."""

    _inherit = "performance.budget.document"

    def action_override_budget(self):
        """Open the dialog in which a stopped document is let pass with a reason.

        :raise UserError: it is not stopped, or the user has no right to
        """
        self.ensure_one()
        self.check_access("read")
        return self.env["performance.budget.override.apply"]._open(self)

    def _get_override_needs(self):
        """Return what the document has to be let pass, from the figures of now.

        :return: list of values of ``performance.budget.override``
        :raise UserError: it is not stopped, or by something that no override passes
        """
        self.ensure_one()
        outlook = self._look_ahead()
        if outlook.problems:
            raise UserError("\n".join(outlook.problems))
        needs = [
            {
                "line_id": verdict.usage.line_id,
                "month": month,
                "level": override.level_of(verdict),
                "amount": float(amount),
                "amount_planned": float(verdict.usage.planned),
                "amount_used": float(verdict.usage.used),
                "amount_limit": float(verdict.limit),
            }
            for verdict in outlook.decision.verdicts
            if verdict.action in ("hold", "block")
            for month, amount in outlook.get_months(verdict.usage.line_id)
        ]
        if not needs:
            raise UserError(
                self.env._(
                    "“%s” is not stopped by the budget: it can go on.",
                    self.display_name,
                )
            )
        return needs

    def _get_override_askers(self):
        """Return who wants the document to pass: none of them overrides for it."""
        document_sudo = self.sudo()  # the people behind it, whoever may see them
        askers = document_sudo.create_uid | document_sudo._get_budget_beneficiaries()
        requests_sudo = document_sudo.env["performance.budget.authorization"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        return askers | requests_sudo.requester_id

    def _get_cannot_override_reason(self, needs):
        """Return why the user cannot let the document pass, False when he can.

        :param needs: as :meth:`_get_override_needs` returns them
        """
        self.ensure_one()
        if self.env.user in self._get_override_askers():
            return self.env._(
                "“%s” is your own document: somebody else has to override.",
                self.display_name,
            )
        company_sudo = self.sudo().company_id
        rights = self._get_override_rights()
        asked = _as_needs(needs)
        lack = override.why_not(rights, asked, fields.Date.today())
        if lack == "no_right":
            return self.env._(
                "You have no right to override budgets of %s today.", company_sudo.name
            )
        if lack == "closed":
            return self.env._(
                "The budget is closed, and your right does not cover closed budgets."
            )
        if lack == "limit":
            return self.env._(
                "It takes %(amount)s from one line, more than your right allows."
                " Ask somebody with a higher limit, or for a budget adjustment.",
                amount=formatLang(
                    self.env,
                    float(override.largest(asked)),
                    currency_obj=company_sudo.currency_id,
                ),
            )
        return False

    def _can_override(self):
        """Tell whether the user could let the document pass now."""
        self.ensure_one()
        if not self._get_override_rights():
            return False
        try:
            return not self._get_cannot_override_reason(self._get_override_needs())
        except UserError:
            return False

    def _is_authorized(self, outlook):
        # OVERRIDES: what was overridden passes the dialog as well
        if outlook.problems or len(self) != 1 or not self._origin:
            return False
        Ledger = self.env["performance.budget.ledger"]
        refused = [
            v for v in outlook.decision.verdicts if v.action in ("hold", "block")
        ]
        return all(
            amount <= allowed.get((self._origin.id, verdict.usage.line_id, month), 0)
            for verdict in refused
            for allowed in [
                Ledger._get_allowed(
                    self._name, self._origin.ids, override.level_of(verdict)
                )
            ]
            for month, amount in outlook.get_months(verdict.usage.line_id)
        )

    def _get_override_rights(self):
        Right = self.env["performance.budget.override.right"]
        # sudo: the company of the document only
        return Right._get_of(self.env.user, self.sudo().company_id)

    def _override_budget(self, reason):
        """Let the document pass in the right of the user, and go on as its owner.

        :return: the overrides
        :raise UserError: without a reason, not stopped, or not allowed to; or the
            document cannot go on nevertheless: then nothing is kept
        """
        self.ensure_one()
        self.check_access("read")
        if not (reason or "").strip():
            raise UserError(self.env._("Say why it has to pass."))
        needs = self._get_override_needs()
        if lack := self._get_cannot_override_reason(needs):
            raise UserError(lack)
        right = override.choose(
            self._get_override_rights(), _as_needs(needs), fields.Date.today()
        )
        document_sudo = self.sudo()
        # sudo: nobody writes overrides; the right was checked above
        overrides_sudo = self.env["performance.budget.override"].sudo()
        overrides_sudo = overrides_sudo.create(
            [
                {
                    **need,
                    "document_name": document_sudo.display_name,
                    "res_model": self._name,
                    "res_id": self.id,
                    "company_id": document_sudo.company_id.id,
                    "reason": reason,
                    "user_id": self.env.uid,
                    "right_id": right.id,
                }
                for need in needs
            ]
        )
        self._tell_overridden(reason)
        if self._budget_continues_overridden:
            self.with_user(self._get_override_owner())._continue_authorized()
        self.env.cr.flush()  # what still stops it is said here
        return overrides_sudo.sudo(False)

    def _get_override_owner(self):
        """Return in whose rights the document goes on."""
        document_sudo = self.sudo()
        return document_sudo._get_budget_beneficiaries()[:1] or document_sudo.create_uid

    def _tell_overridden(self, reason):
        """Say on the document who let it pass, and why."""
        if "message_ids" not in self._fields:
            return
        self.sudo().message_post(  # who overrides may not write on it
            author_id=self.env.user.partner_id.id,
            body=self.env._("Passed the budget by override: %s", reason),
            partner_ids=self._get_override_owner().partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )


def _as_needs(needs):
    return [
        override.Need(
            need["line_id"], need["level"], money.exact(need["amount"], money.FINEST)
        )
        for need in needs
    ]
