from odoo import models


class BscConfidentialMixin(models.AbstractModel):
    """A conversation between few: whoever else were subscribed would get by mail what
    is written about somebody.
    """

    _name = "bsc.confidential.mixin"
    _description = "Confidential Conversation"
    _inherit = ["mail.thread", "mail.activity.mixin"]

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        for record in self:
            people = record._get_possible_followers()
            allowed = set(people.partner_id.ids) & set(partner_ids or ())
            super(BscConfidentialMixin, record)._message_subscribe(
                sorted(allowed), subtype_ids, customer_ids
            )
        return True

    def _get_possible_followers(self):
        """Return the users who may follow the record; nobody by itself."""
        return self.env["res.users"]
