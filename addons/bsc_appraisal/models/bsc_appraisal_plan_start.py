from odoo import models


class BscAppraisalPlan(models.Model):
    """Why somebody whose day has come cannot be appraised."""

    _inherit = "bsc.appraisal.plan"

    def _find_obstacles(self, rows) -> dict:
        """Return (reason, names) by row of one period that cannot start, in sudo."""
        cycle = self._find_cycle(rows[0].date_due)
        if cycle and cycle.state not in self._get_open_stages():
            return dict.fromkeys(rows, ("cycle_over", ""))
        cycle = cycle or self.env["bsc.cycle"].new(
            {
                "company_id": self.company_id.id,
                "form": self.form,
                "previous_id": self.cycle_ids.sorted("date_from")[-1:].id,
            }
        )
        people = cycle._find_obstacles(rows.employee_id)
        return {
            row: people[row.employee_id] for row in rows if row.employee_id in people
        }

    def _get_open_stages(self):
        late = ("assess",) if self.form == "short" else ()
        return ("plan", "coach", *late)
