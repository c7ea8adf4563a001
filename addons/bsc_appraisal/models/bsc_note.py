from odoo import api, fields, models
from odoo.exceptions import UserError


class BscNote(models.Model):
    """What somebody writes down during a cycle: a check-in, advice, evidence.

    It is private to its author until he shares it with the other one of the two:
    employee and appraiser. HR and the auditor read what is shared.
    """

    _name = "bsc.note"
    _description = "Coaching Note"
    _inherit = ["bsc.about.scorecard.mixin"]
    _order = "date desc, id desc"

    _PROTECTED = frozenset({"author_id"})
    _IDENTITY = frozenset({"scorecard_id"})

    scorecard_id = fields.Many2one(
        ondelete="cascade",
        domain=[("subject_kind", "=", "employee"), ("stage", "!=", "closed")],
    )
    author_id = fields.Many2one(
        "res.users",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
        default=lambda self: self.env.user,
    )
    kind = fields.Selection(
        [("check_in", "Check-in"), ("coaching", "Coaching"), ("evidence", "Evidence")],
        required=True,
        default="check_in",
    )
    date = fields.Date(required=True, default=fields.Date.context_today)
    text = fields.Text(string="Note", required=True)
    file = fields.Binary(string="Proof", attachment=True)
    filename = fields.Char()
    is_shared = fields.Boolean(
        string="Shared", help="The other one of employee and appraiser reads it, too."
    )
    can_write = fields.Boolean(compute="_compute_can_write")

    @api.depends("date", "kind")
    def _compute_display_name(self):
        labels = dict(self._fields["kind"]._description_selection(self.env))
        for note in self:
            note.display_name = f"{labels.get(note.kind, '')} {note.date or ''}".strip()

    @api.depends("author_id")
    @api.depends_context("uid")
    def _compute_can_write(self):
        for note in self:
            note.can_write = not note._origin or note.author_id == self.env.user

    @api.model_create_multi
    def create(self, vals_list):
        notes = super().create(vals_list)
        notes._check_open()
        return notes

    def write(self, vals):
        self._check_open()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_closed(self):
        self._check_open()

    def _check_open(self):
        for note in self:
            if note.scorecard_id.stage == "closed":
                raise UserError(
                    self.env._("The cycle is closed: its notes stay as they are.")
                )
            people = note.user_id | note.appraiser_id
            if not self.env.su and self.env.user not in people:
                raise UserError(
                    self.env._("The employee and his appraiser write notes.")
                )
