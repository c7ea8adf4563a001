from odoo import api, models


class BscObjective(models.Model):
    """The strategy map as plain values for the screen."""

    _inherit = "bsc.objective"

    @api.model
    def get_strategy_map(self):
        """Return the map of the company one works in, as far as one may read it.

        :return: dict with ``company``, ``can_create``, ``perspectives`` (in order,
            each with its ``objectives``) and ``links`` (pairs cause, effect)
        """
        company = self.env.company
        objectives = self.search([("company_id", "=", company.id)])
        perspectives = self.env["bsc.perspective"].search(
            self.env["bsc.perspective"]._get_in_effect_domain(company)
        )
        scores = objectives._get_scores()
        nodes = {}
        for objective in objectives:
            nodes.setdefault(objective.perspective_id, []).append(
                objective._prepare_map_node(scores.get(objective.id))
            )
        return {
            "company": company.name,
            "can_create": self.has_access("create"),
            "perspectives": [
                {
                    "id": perspective.id,
                    "name": perspective.name,
                    "question": perspective.description or "",
                    "color": perspective.color,
                    "objectives": nodes.get(perspective, []),
                }
                for perspective in perspectives | objectives.perspective_id
            ],
            "links": [
                [cause.id, objective.id]
                for objective in objectives
                for cause in objective.cause_ids
            ],
        }

    def _prepare_map_node(self, score) -> dict:
        node = {
            "id": self.id,
            "name": self.name,
            "state": self.state,
            "owner": self.owner_id.sudo().name or "",  # a name, readable by colleagues
            "indicator_count": self.indicator_count,
            "score": score,
            "money": None,
        }
        if self._has_field_access(self._fields["amount_planned"], "read"):
            if self.budget_line_ids._filtered_access("read"):
                node["money"] = {
                    "currency_id": self.currency_id.id,
                    "planned": self.amount_planned,
                    "used": self.amount_used,
                }
        return node

    def _get_scores(self) -> dict[int, float]:
        """Return the present score by id of the objectives that have one, 100 = as
        targeted: the weighted mean of its indicators on the company's scorecard, in
        the newest cycle that measured any.
        """
        # sudo: the published map shows how objectives stand, not the card behind
        lines_sudo = (
            self.env["bsc.scorecard.line"]
            .sudo()
            .search(
                [
                    ("indicator_id.objective_id", "in", self.ids),
                    ("subject_kind", "=", "company"),
                    ("status", "=", "reported"),
                    ("effective_weight", ">", 0),
                ]
            )
        )
        if not lines_sudo:
            return {}
        newest = lines_sudo.cycle_id.sorted(lambda cycle: (cycle.date_from, cycle.id))
        current = lines_sudo.filtered(lambda line: line.cycle_id == newest[-1])
        return {
            objective.id: sum(line.points * line.effective_weight for line in lines)
            / sum(lines.mapped("effective_weight"))
            for objective, lines in current.grouped(
                lambda line: line.indicator_id.objective_id
            ).items()
        }
