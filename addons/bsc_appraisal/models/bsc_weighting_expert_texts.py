from odoo import api, models
from odoo.tools.misc import formatLang

from ..tools.ahp_repair import find_repair


class BscWeightingExpert(models.Model):
    """What an expert is told about his answers, and others about him."""

    _inherit = "bsc.weighting.expert"

    def _describe_error(self, error) -> str:
        if error.code != "unconnected":
            return self.env._("These judgements give no weights (%s).", error.code)
        names = self.weighting_id.criterion_ids.mapped("name")
        groups = [" · ".join(names[item] for item in group) for group in error.detail]
        return self.env._(
            "Nothing compares these groups with each other yet:\n%s\nJudge at least one"
            " pair between them.",
            "\n".join(f"- {group}" for group in groups),
        )

    def _describe_return(self) -> str:
        """Say what contradicts the rest most; the expert decides."""
        # sudo: the expert's own answers, read together with the criteria
        expert_sudo = self.sudo()
        matrix = expert_sudo._get_matrix()
        found = find_repair(matrix, int(self.scale), self.method)
        text = self.env._(
            "Your answers contradict each other: the consistency ratio is %(ratio)s,"
            " %(limit)s is the limit.",
            ratio=formatLang(self.env, self.consistency_ratio, digits=3),
            limit=formatLang(self.env, self.threshold, digits=3),
        )
        if not found:
            return text
        names = expert_sudo.weighting_id.criterion_ids.mapped("name")
        return text + self.env._(
            " Look first at “%(first)s” against “%(second)s”: you say %(said)s, your"
            " other answers say about %(proposed)s, with which the ratio would be"
            " %(cr)s.",
            first=names[found.first],
            second=names[found.second],
            said=self._format_ratio(found.ratio),
            proposed=self._format_ratio(found.proposed),
            cr=formatLang(self.env, found.cr, digits=3),
        )

    @api.model
    def _format_ratio(self, ratio) -> str:
        return f"{ratio:.0f}" if ratio >= 1 else f"1/{1 / ratio:.0f}"

    def _describe_absence(self) -> str:
        if self.state == "returned":
            ratio = formatLang(self.env, self.consistency_ratio, digits=3)
            return self.env._(
                "%(name)s (CR %(ratio)s)", name=self.user_id.name, ratio=ratio
            )
        return self.env._("%s (not handed in)", self.user_id.name)

    def _prepare_notification(self) -> dict:
        is_returned = self.state == "returned"
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "warning" if is_returned else "success",
                "sticky": is_returned,
                "message": self.returned_note or self.env._("Handed in. Thank you!"),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
