from odoo import fields, models


class BscTargetAdjustment(models.Model):
    """What the approval of the adjustment means to its targets.

    They are looked at when it is submitted and again when it is applied, are part of
    what is decided on, and change in the transaction that moves the money.
    """

    _inherit = "bsc.target.adjustment"

    def _get_not_ready_reasons(self):
        """Return why these targets cannot change now; in sudo."""
        waiting = (
            self.env["bsc.target.change"]
            .search([("line_id", "in", self.line_id.ids), ("state", "=", "requested")])
            .line_id
        )
        reasons = []
        for row in self:
            label = f"{row.line_id.display_name}, {row.scorecard_id.name}"
            if row.line_id.card_state != "agreed":
                reasons.append(
                    self.env._(
                        "“%s”: the scorecard is not agreed or already final, its target"
                        " cannot change. Take it out of the adjustment.",
                        label,
                    )
                )
            elif row.line_id in waiting:
                reasons.append(
                    self.env._(
                        "“%s”: another request for this target waits for its decision."
                        " Let it be decided or taken back first.",
                        label,
                    )
                )
            elif not row._has_change():
                reasons.append(
                    self.env._(
                        "“%s”: the new target is the present one. Change it, or take it"
                        " out of the adjustment.",
                        label,
                    )
                )
            elif excess := row.line_id._get_excess(row.value, row.capacity):
                reasons.append(
                    self.env._(
                        "“%(label)s”: the target is %(excess).1f %% above what is"
                        " assessed as possible (%(limit).0f %% is the limit). Say what"
                        " the money makes possible, or ask for less.",
                        label=label,
                        excess=excess,
                        limit=row.line_id.cycle_id.over_capacity,
                    )
                )
        return reasons

    def _has_change(self):
        line = self.line_id
        if self.capacity != line.capacity:
            return True
        if self.calculation == "range":
            return self._get_limits() != line._get_limits()
        return self.value != line.target

    def _get_fingerprint_values(self):
        """Return what is decided on, the present target included: when it moves, the
        levels have seen something else.
        """
        line = self.line_id
        numbers = [
            *(line.target, line.capacity, *line._get_limits().values()),
            *(self.value, self.capacity, *self._get_limits().values()),
        ]
        return [
            "target",
            line.id,
            *(f"{value:.4f}" for value in numbers),
            self.date_effective.isoformat(),
        ]

    def _apply(self):
        """Change the targets, in sudo and in the transaction that moves the money."""
        Change = self.env["bsc.target.change"]
        for row in self:
            line = row.line_id
            change = Change.create(
                {
                    "line_id": line.id,
                    "value": row.value,
                    "capacity": row.capacity,
                    **row._get_limits(),
                    "date_effective": row.date_effective,
                    "reason": row.adjustment_id.reason,
                    "requester_id": row.adjustment_id.requester_id.id,
                    "adjustment_id": row.adjustment_id.id,
                }
            )
            row.write(
                {
                    "applied_before": line.target,
                    "applied_limits": line._get_limits(),
                    "change_id": change.id,
                }
            )
            change._apply()

    def _prepare_reversal_vals(self):
        cycle = self.line_id.cycle_id
        today = fields.Date.context_today(self)
        return {
            "line_id": self.line_id.id,
            "value": self.applied_before,
            "capacity": self.change_id.old_capacity,
            **(self.applied_limits or {}),
            "date_effective": min(max(today, cycle.date_from), cycle.date_to),
        }
