from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import adjustment as plan


class PerformanceBudgetAdjustment(models.Model):
    """How an approved adjustment takes effect: once, and all of it or nothing."""

    _inherit = "performance.budget.adjustment"

    def action_apply(self):
        """Apply what was approved and could not be applied at once.

        :raise UserError: not allowed, not approved, or a check fails on figures of now
        """
        for adjustment in self:
            adjustment._check_officer()
            adjustment._check_state("approved")
            adjustment_sudo = adjustment.sudo()  # writes plans, checked above
            adjustment_sudo._apply()
            adjustment_sudo._continue_after()

    def action_reverse(self):
        """Prepare the counter-adjustment; it is decided like any other.

        :raise UserError: not applied, reversed already, or documents were carried
        """
        self.ensure_one()
        self._check_officer()
        if self.state != "applied":
            raise UserError(self.env._("Only what was applied can be reversed."))
        # sudo: whether money was carried on, not what
        if self.sudo().carry_ids:
            raise UserError(
                self.env._("Documents were carried with it: they cannot go back.")
            )
        if self.reversal_ids.filtered(
            lambda a: a.state not in ("refused", "cancelled")
        ):
            raise UserError(
                self.env._("There is a reversal of this adjustment already.")
            )
        # sudo: what it reverses is for nobody to write, the person was checked above
        reversal_sudo = self.sudo().create(self._prepare_reversal_vals())
        return reversal_sudo.sudo(False)._get_records_action()

    def action_complete_pools(self):
        """Add the legs by which the pools follow what their lines give and get."""
        self.ensure_one()
        self.check_access("write")
        self._check_state("draft")
        adjustment_sudo = self.sudo()  # a pool may belong to somebody else
        pools = {
            pool.id: pool.pool_line_id.id or None
            for pool in adjustment_sudo.line_ids.budget_id.line_ids
        }
        adjustment_sudo.line_ids = [
            Command.create({"line_id": leg.line_id, "amount": float(leg.amount)})
            for leg in plan.missing_pool_legs(adjustment_sudo._get_legs(), pools)
        ]

    def _prepare_reversal_vals(self):
        kinds = {"supplement": "reduction", "reduction": "supplement"}
        return {
            "company_id": self.company_id.id,
            "kind": kinds.get(self.kind, self.kind),
            "driver": self.driver,
            "emergency": self.emergency,
            "reason": self.env._("Reversal of %s", self.name),
            "reversed_id": self.id,
            "requester_id": self.env.uid,
            "line_ids": [
                Command.create(
                    {
                        "line_id": change.line_id.id,
                        "month": change.month,
                        "amount": -change.amount,
                    }
                )
                for change in self.change_ids
            ],
        }

    def _try_apply(self):
        """Apply what was just approved; when figures moved meanwhile, say so."""
        try:
            with self.env.cr.savepoint():
                self._apply()
        except UserError as error:
            self.invalidate_recordset()
            self._tell_requester(
                self.env._("It was approved but cannot be applied: %s", str(error))
            )
        else:
            self._continue_after()

    def _apply(self):
        """Change the plan and everything that was approved with it, in sudo.

        The balances are taken first, in the name of this transaction: who asks for
        money waits and then sees the new plan; if somebody took money meanwhile, the
        request is run again.

        :raise UserError: applied already, changed since, or against a check
        """
        self.ensure_one()
        self._take_once()
        pools = lines = self._get_lines()
        while pools := pools.pool_line_id - lines:
            lines |= pools
        self.env["performance.budget.balance"]._own(lines.ids)
        self._check_unchanged()
        self._check_ready()
        deltas = self._get_deltas(self._read_figures())
        self._keep_before_after(deltas)
        self.env["performance.budget.plan.change"]._change_plan(self, deltas)
        self._apply_effects()
        self.write(
            {"applied_date": fields.Datetime.now(), "applied_by_id": self.env.uid}
        )

    def _apply_effects(self):
        """Do what was approved besides the money, in the same transaction.

        An addon that lets adjustments change more (targets, say) extends this and
        :meth:`_get_effect_fingerprint`: what the levels see and approve must be in the
        fingerprint, or it could change after they decided. Raise an error to have
        nothing applied at all; write nothing that a rollback would not take back.
        """

    def _take_once(self):
        """Move the state, so that a second one who applies finds nothing to do.

        :raise UserError: it is not approved, or was applied already
        """
        self.flush_recordset()
        taken = self.env.execute_query(
            SQL(
                """UPDATE performance_budget_adjustment SET state = 'applied'
                    WHERE id = %s AND state = 'approved' RETURNING id""",
                self.id,
            )
        )
        self.invalidate_recordset(["state"])
        if not taken:
            raise UserError(self.env._("%s is applied already.", self.name))

    def _keep_before_after(self, deltas):
        """Keep on every leg what its month, or its line, planned and plans now."""
        for leg in self.line_ids:
            months = leg.line_id.allocation_ids.filtered(
                lambda a, leg=leg: a.month == leg.month or not leg.month
            )
            before = sum(months.mapped("amount_planned"))
            added = sum(
                deltas.get((leg.line_id.id, month), 0)
                for month in months.mapped("month")
            )
            leg.write(
                {
                    "applied_before": before,
                    "applied_after": before + float(added),
                }
            )

    def _continue_after(self):
        """Tell everyone and let the document go on, once the plan is changed."""
        self._tell_concerned()
        self._continue_document()

    def _tell_concerned(self):
        """Tell who asked and owns the lines, and who has open documents on them."""
        owners = self._get_lines().owner_id
        self.message_post(
            body=self.env._("%s was applied: the plan is changed.", self.name),
            partner_ids=(owners | self.requester_id | self.submitter_id).partner_id.ids,
            subtype_xmlid="mail.mt_comment",
        )
        for (model, res_id), line_names in self._find_open_documents().items():
            document = self.env[model].browse(res_id).exists()
            people = document._get_budget_beneficiaries() - owners - self.requester_id
            if people and document:
                # Without amounts: who claims need not know the plan.
                document.message_notify(
                    partner_ids=people.partner_id.ids,
                    subject=self.env._("The budget of “%s”", document.display_name),
                    body=self.env._(
                        "The plan of %(lines)s was changed. “%(document)s” keeps what"
                        " it holds.",
                        lines=", ".join(line_names),
                        document=document.display_name,
                    ),
                )

    def _find_open_documents(self):
        """Return ``{(model, id): names of lines}`` that hold money on the lines."""
        groups = self.env["performance.budget.entry"]._read_group(
            [
                ("line_id", "in", self._get_lines().ids),
                ("kind", "in", ("reserved", "committed")),
            ],
            ["res_model", "res_id", "line_id"],
            having=[("amount:sum", ">", 0)],
        )
        found = {}
        for model, res_id, line in groups:
            found.setdefault((model, res_id), []).append(line.display_name)
        return found

    def _get_lines(self):
        """Return the budget lines that it concerns: their owners agree and are told."""
        return self.line_ids.line_id

    def _get_today(self):
        return fields.Date.context_today(self)
