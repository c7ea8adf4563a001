from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tools.weights import displayed_weights, global_weight


class BscIndicator(models.Model):
    """A measurable definition: what is counted, by which rule, from where, by whom."""

    _name = "bsc.indicator"
    _description = "Performance Indicator"
    _inherit = ["bsc.strategy.item.mixin"]
    _rec_names_search = ["code", "name"]
    _check_company_auto = True

    code = fields.Char(required=True, tracking=True)
    level = fields.Selection(
        [("enterprise", "Enterprise"), ("department", "Department"), ("post", "Post")],
        required=True,
        default="enterprise",
        tracking=True,
    )
    indicator_type = fields.Selection(
        [("lagging", "Lagging"), ("leading", "Leading")],
        string="Type",
        required=True,
        default="lagging",
        help="Lagging indicators report results, leading ones announce them.",
    )
    unit = fields.Char(
        translate=True, tracking=True, help="In what it is measured: %, days, cases."
    )
    direction = fields.Selection(
        [
            ("higher", "Higher is better"),
            ("lower", "Lower is better"),
            ("target", "Close to the target is better"),
            ("range", "Inside a range is best"),
        ],
        required=True,
        default="higher",
        tracking=True,
    )
    statistical_rule = fields.Text(
        translate=True,
        tracking=True,
        help="The one written rule by which everybody counts: what is included, what"
        " is not, at which moment.",
    )
    source_kind = fields.Selection(
        [
            ("records", "Business records in the system"),
            ("entry", "Entered by the collector"),
            ("survey", "Survey"),
            ("external", "External report"),
        ],
        required=True,
        default="entry",
        tracking=True,
    )
    source = fields.Char(
        translate=True,
        tracking=True,
        help="The document, report or system that the figures are taken from.",
    )
    frequency = fields.Selection(
        [
            ("month", "Monthly"),
            ("quarter", "Quarterly"),
            ("half_year", "Half-yearly"),
            ("year", "Yearly"),
        ],
        required=True,
        default="month",
        tracking=True,
    )
    collector_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
        help="The person responsible for delivering the figures.",
    )
    verifier_id = fields.Many2one(
        "res.users",
        index="btree_not_null",
        check_company=True,
        ondelete="restrict",
        domain=[("share", "=", False)],
        tracking=True,
        help="Checks the figures; never the person who collects them.",
    )
    weight = fields.Float(
        string="Local Weight (%)",
        digits=(7, 4),
        tracking=True,
        help="Share of the perspective. The active indicators of a perspective sum to"
        " 100 %.",
    )
    global_weight = fields.Float(
        string="Global Weight (%)",
        digits=(13, 10),
        compute="_compute_global_weight",
        store=True,
        help="Perspective weight × local weight, not rounded.",
    )
    displayed_weight = fields.Float(
        string="Scorecard Weight (%)",
        digits=(5, 2),
        compute="_compute_displayed_weight",
        help="Global weight of an active indicator, rounded so that the column sums to"
        " exactly 100.00 %.",
    )
    _code_company_uniq = models.UniqueIndex(
        "(company_id, lower(code)) WHERE state != 'retired'",
        "Another indicator of the company already has this code.",
    )
    _weight_range = models.Constraint(
        "CHECK (weight BETWEEN 0 AND 100)",
        "The local weight of an indicator lies between 0 and 100 %.",
    )
    _four_eyes = models.Constraint(
        "CHECK (collector_id != verifier_id)",
        "The collector cannot verify his own figures: choose two different people.",
    )

    @api.depends("code", "name")
    def _compute_display_name(self):
        for indicator in self:
            code = f"[{indicator.code}] " if indicator.code else ""
            indicator.display_name = f"{code}{indicator.name or ''}"

    @api.depends("weight", "perspective_id.weight")
    def _compute_global_weight(self):
        for indicator in self:
            indicator.global_weight = global_weight(
                indicator.perspective_id.weight, indicator.weight
            )

    @api.depends("state", "global_weight", "perspective_id.indicator_ids.global_weight")
    def _compute_displayed_weight(self):
        shown = self._get_displayed_weights()
        for indicator in self:
            indicator.displayed_weight = shown.get(indicator._origin.id, 0.0)

    @api.constrains("collector_id", "verifier_id")
    def _check_people_are_internal(self):
        for user in (self.collector_id | self.verifier_id).filtered("share"):
            raise ValidationError(
                self.env._("“%s” is not an internal user.", user.name)
            )

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        for indicator, vals in zip(self, vals_list, strict=True):
            for field_name in {"code", "name"} - set(default or {}):
                vals[field_name] = self.env._("%s (copy)", indicator[field_name])
        return vals_list

    def _get_displayed_weights(self) -> dict[int, float]:
        """Return the rounded global weight by id of all active indicators.

        Rounding one needs its whole scorecard, so all companies are read at once.
        """
        groups_by_company = {}
        for company, _perspective, indicators in self._read_group(
            [
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "active"),
                ("level", "=", "enterprise"),
            ],
            ["company_id", "perspective_id"],
            ["id:recordset"],
        ):
            groups_by_company.setdefault(company, []).append(indicators)
        displayed = {}
        for groups in groups_by_company.values():
            shown = displayed_weights([g.mapped("global_weight") for g in groups])
            for indicators, weights in zip(groups, shown, strict=True):
                displayed.update(zip(indicators.ids, map(float, weights), strict=True))
        return displayed
