from odoo import fields, models
from odoo.tools import SQL


class Rating(fields.Many2one):
    """A rating that nobody sees on his own scorecard before it is published.

    Whatever groups somebody has: for him it is empty, when it is read and in every
    condition, order, group and sum that the database computes. Business code that
    works in sudo gets what is stored.
    """

    def __get__(self, record, owner=None):
        value = super().__get__(record, owner)
        if record is None or not value or record.env.su:
            return value
        return value.browse() if record._is_own_and_unpublished() else value

    def to_sql(self, model, alias):
        sql = super().to_sql(model, alias)
        if model.env.su:
            return sql
        return SQL(
            "(CASE WHEN %s THEN NULL ELSE %s END)",
            model._get_own_and_unpublished_sql(alias),
            sql,
        )


class BscScorecard(models.Model):
    """Whose result it is that is not told yet."""

    _inherit = "bsc.scorecard"

    rating_id = Rating()

    def _is_own_and_unpublished(self):
        self.ensure_one()
        card_sudo = self.sudo()  # an employee's user is not everybody's to read
        people = card_sudo.responsible_id | card_sudo.employee_id.user_id
        return not card_sudo.published_date and self.env.user in people

    def _get_own_and_unpublished_sql(self, alias):
        model_sudo = self.sudo()  # fields that decide what is seen, not shown
        published, responsible, employee = (
            self._fields[name].to_sql(model_sudo, alias)
            for name in ("published_date", "responsible_id", "employee_id")
        )
        # Also an employee who got this user after the scorecard was made.
        users = self.env.user.sudo().with_context(active_test=False).employee_ids
        own = SQL("%s = %s", responsible, self.env.uid)
        if users:
            own = SQL("(%s OR %s IN %s)", own, employee, tuple(users.ids))
        return SQL("(%s IS NULL AND %s)", published, own)

    def _fetch_query(self, query, fields):
        # EXTENDS: what is read is kept for everybody, sudo included; the rights on the
        # fields were checked before
        fetched_sudo = super(BscScorecard, self.sudo())._fetch_query(query, fields)
        return fetched_sudo.with_env(self.env)
