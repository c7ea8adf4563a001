from odoo import api, fields, models
from odoo.exceptions import UserError

from .bsc_subject_mixin import SUBJECT_FIELDS


class BscMeasurement(models.Model):
    """Delivered by one person, verified by another, corrected only by new versions.

    ==========  ===========================  =========================================
    Action      Who                          When
    ==========  ===========================  =========================================
    enter       collector or officer         due
    deliver     collector or officer         due, with an answer, before the lock date
                                             (an officer also after it)
    give back   verifier or officer          delivered
    verify      verifier or officer, never   delivered
                who delivered, never the
                subject
    correct     collector or officer         verified; makes a new version that is to
                                             be verified, the old one counts until then
    ==========  ===========================  =========================================

    A verified figure is never changed or deleted.
    """

    _inherit = "bsc.measurement"

    # What the collector gives; everything else is set when the figure is scheduled.
    _ANSWER = frozenset({"value", "answer", "note"})
    _PROTECTED = frozenset(
        {
            "state",
            "entered_by",
            "date_entered",
            "verified_by",
            "date_verified",
            "version",
            "supersedes_id",
            "correction_reason",
            "is_current",
            "subject_key",
            "source_id",
            "source_model",
            "source_ids",
            "source_error",
        }
    )

    state = fields.Selection(
        [("due", "To Deliver"), ("entered", "To Verify"), ("verified", "Verified")],
        required=True,
        default="due",
        copy=False,
        readonly=True,
        index=True,
    )
    entered_by = fields.Many2one("res.users", copy=False, readonly=True)
    date_entered = fields.Datetime(copy=False, readonly=True)
    verified_by = fields.Many2one("res.users", copy=False, readonly=True)
    date_verified = fields.Datetime(copy=False, readonly=True)
    is_locked = fields.Boolean(compute="_compute_is_late")
    is_late = fields.Boolean(compute="_compute_is_late", search="_search_is_late")
    can_enter = fields.Boolean(compute="_compute_can_act")
    can_verify = fields.Boolean(compute="_compute_can_act")
    can_correct = fields.Boolean(compute="_compute_can_act")

    @api.depends("date_due", "date_lock", "state")
    def _compute_is_late(self):
        today = fields.Date.context_today(self)
        for figure in self:
            due, lock = figure.date_due, figure.date_lock
            figure.is_late = figure.state == "due" and bool(due) and due < today
            figure.is_locked = bool(lock) and lock <= today

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        late = fields.Domain("state", "=", "due") & fields.Domain(
            "date_due", "<", fields.Date.context_today(self)
        )
        return late if True in value else ~late

    @api.depends("state", "collector_id", "verifier_id")
    @api.depends_context("uid")
    def _compute_can_act(self):
        for figure in self:
            figure.can_enter = not figure._get_cannot_enter_reason()
            figure.can_verify = not figure._get_cannot_verify_reason()
            figure.can_correct = not figure._get_cannot_correct_reason()

    @api.model_create_multi
    def create(self, vals_list):
        figures = super().create(vals_list)
        for figure in figures.filtered(lambda one: not one.collector_id):
            figure.sudo().write(  # who answers for an indicator answers for its figures
                {
                    "collector_id": figure.indicator_id.collector_id.id,
                    "verifier_id": figure.indicator_id.verifier_id.id,
                }
            )
        return figures

    def write(self, vals):
        if not self.env.su:
            self._check_can_write(vals)
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_due(self):
        kept = self.filtered(lambda figure: figure.state != "due")
        if kept:
            raise UserError(
                self.env._(
                    "“%s” was delivered: figures are kept, correct it instead.",
                    kept[0].display_name,
                )
            )

    def _has_field_access(self, field, operation):
        if operation == "write" and field.name in self._PROTECTED and not self.env.su:
            return False
        return super()._has_field_access(field, operation)

    def action_deliver(self):
        """Hand the figures over to who verifies them."""
        self._check_allowed("_get_cannot_enter_reason")
        self._check_allowed("_get_answer_gap")
        # closed to clients; rights and answers were checked above
        self.sudo().write(
            {
                "state": "entered",
                "entered_by": self.env.uid,
                "date_entered": fields.Datetime.now(),
            }
        )

    def action_return(self):
        """Give the figures back to the collector."""
        self._check_allowed("_get_cannot_verify_reason")
        # sudo: closed to clients, checked above
        self.sudo().write({"state": "due", "entered_by": False, "date_entered": False})

    def action_verify(self):
        """Confirm the figures: from now on they count."""
        self._check_allowed("_get_cannot_verify_reason")
        figures_sudo = self.sudo()  # closed to clients, checked above
        figures_sudo.write(
            {
                "state": "verified",
                "verified_by": self.env.uid,
                "date_verified": fields.Datetime.now(),
                "is_current": True,
            }
        )
        figures_sudo.supersedes_id.is_current = False

    def _correct(self, value, answer, reason):
        """Return the new version of a verified figure, to be verified by another.

        :raise UserError: without a reason, or not yours to correct
        """
        self.ensure_one()
        self._check_allowed("_get_cannot_correct_reason")
        if not (reason or "").strip():
            raise UserError(self.env._("Say what was wrong."))
        # closed to clients; who may correct was checked above
        version_sudo = self.sudo().copy(
            {
                "value": value,
                "answer": answer,
                "version": self.version + 1,
                "supersedes_id": self.id,
                "correction_reason": reason,
                "is_current": False,
                "date_due": fields.Date.context_today(self),
            }
        )
        version = version_sudo.sudo(False)
        version.action_deliver()
        return version

    def _is_officer(self):
        return self.env.user.has_group("bsc_appraisal.group_appraisal_officer")

    def _is_subject(self):
        return self.env.user == self.sudo().employee_id.user_id  # himself, nobody else

    def _check_can_write(self, vals):
        """Open to the collector: his answer while due; to officers also who."""
        for figure in self:
            if figure.state != "due":
                raise UserError(
                    self.env._(
                        "“%s” was delivered: have it given back, or correct it by a new"
                        " version.",
                        figure.display_name,
                    )
                )
            reason = figure._get_cannot_enter_reason()
            if reason:
                message = f"{figure.display_name}\n- {reason}"
                raise UserError(message)
            planned = {"indicator_id", "subject_kind", "company_id", "date_from"}
            planned |= {"date_to", "date_due", "date_lock", *SUBJECT_FIELDS.values()}
            if planned & vals.keys():
                raise UserError(
                    self.env._("What is measured and when is set by the schedule.")
                )
            if vals.keys() - self._ANSWER and not self._is_officer():
                raise UserError(self.env._("Only value, answer and note are yours."))

    def _check_allowed(self, method):
        """:raise UserError: naming each figure with its reason"""
        self.check_access("read")
        blocks = [
            f"{figure.display_name}\n- {reason}"
            for figure in self
            if (reason := getattr(figure, method)())
        ]
        if blocks:
            raise UserError("\n\n".join(blocks))

    def _get_cannot_enter_reason(self) -> str:
        if self.state != "due":
            return self.env._("It was delivered already.")
        is_officer = self._is_officer()
        if self.env.user != self.collector_id and not is_officer:
            return self.env._("The collector delivers it.")
        if self.is_locked and not is_officer and self.version == 1:
            return self.env._(
                "It is locked since %s: ask HR to deliver it late.", self.date_lock
            )
        return ""

    def _get_answer_gap(self) -> str:
        if self.answer == "value" and not self.value:
            return self.env._(
                "No value is given. If it really is zero, answer “Zero, confirmed”."
            )
        if self.answer != "value" and self.value:
            return self.env._("A value is given: then the answer is “A value”.")
        if self.answer == "not_applicable" and not (self.note or "").strip():
            return self.env._("Note why it is not applicable.")
        return ""

    def _get_cannot_verify_reason(self) -> str:
        if self.state != "entered":
            return self.env._("Only delivered figures can be verified.")
        user = self.env.user
        if user == self.entered_by:
            return self.env._("Another person verifies what you delivered.")
        if self._is_subject():
            return self.env._("Nobody verifies a figure about himself.")
        if user != self.verifier_id and not self._is_officer():
            return self.env._("The verifier confirms it.")
        return ""

    def _get_cannot_correct_reason(self) -> str:
        if self.state != "verified" or not self.is_current:
            return self.env._("Only the verified figure that counts is corrected.")
        if self.env.user != self.collector_id and not self._is_officer():
            return self.env._("The collector or HR corrects it.")
        if self.search_count([("supersedes_id", "=", self.id)]):
            return self.env._("A correction of it waits to be verified.")
        return ""
