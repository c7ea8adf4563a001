import ast

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..tools.formula import FormulaError, evaluate, names, order

SUBJECT_MODELS = {
    "hr.employee": "employee",
    "res.users": "employee",
    "hr.department": "department",
    "hr.job": "job",
}
MAX_DOMAIN = 2000


class BscMeasurementSource(models.Model):
    """Where the figures of an indicator are computed from, instead of being typed.

    =========  =======================================================================
    Kind       Value
    =========  =======================================================================
    records    number, sum, average, smallest or largest of a field of records that an
               administrator allowed, by period and subject
    budget     rate or amount of the budget lines of the subject
    formula    arithmetic over other indicators of the same subject and period
    =========  =======================================================================

    Records are read by a technical user who can read them and nothing else.
    """

    _name = "bsc.measurement.source"
    _description = "Measurement Source"
    _order = "indicator_id"
    _rec_name = "indicator_id"
    _check_company_auto = True

    indicator_id = fields.Many2one(
        "bsc.indicator",
        required=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(
        related="indicator_id.company_id", store=True, precompute=True, index=True
    )
    active = fields.Boolean(default=True)
    kind = fields.Selection(
        [
            ("records", "Business records"),
            ("budget", "Budget lines"),
            ("formula", "Formula over indicators"),
        ],
        required=True,
        default="records",
    )
    allowed_id = fields.Many2one(
        "bsc.measurement.model",
        string="Records",
        ondelete="restrict",
        index="btree_not_null",
        help="An administrator allows which kinds of records may be measured.",
    )
    model_name = fields.Char(related="allowed_id.model_name")
    domain = fields.Char(default="[]", help="Which of the records count.")
    aggregate = fields.Selection(
        [
            ("count", "Number of records"),
            ("sum", "Sum"),
            ("avg", "Average"),
            ("min", "Smallest"),
            ("max", "Largest"),
        ],
        string="Value Is The",
        required=True,
        default="count",
    )
    measure = fields.Char(
        string="Of the Field", help="Technical name of a number, e.g. amount_total."
    )
    date_field = fields.Char(
        default="create_date",
        help="Technical name of the date that decides the period.",
    )
    subject_field = fields.Char(
        help="Technical name of the employee, user, department or post whose record it"
        " is. Empty: the figure is the company's.",
    )
    budget_measure = fields.Selection(
        [
            ("execution_rate", "Execution rate (actual ÷ planned, %)"),
            ("usage_rate", "Usage (reserved, committed and actual ÷ planned, %)"),
            ("planned", "Planned amount"),
            ("actual", "Actual amount"),
            ("available", "Available amount"),
        ],
        default="execution_rate",
    )
    budget_line_id = fields.Many2one(
        "performance.budget.line",
        check_company=True,
        index="btree_not_null",
        help="Empty: all lines of the department, or of the company.",
    )
    formula = fields.Char(
        help="Arithmetic over the codes of other indicators, e.g. (C1 - C2) / C2 * 100."
        " Functions: min, max, avg, abs.",
    )

    _indicator_uniq = models.UniqueIndex(
        "(indicator_id) WHERE active IS TRUE",
        "An indicator has one source of figures.",
    )

    @api.constrains(
        "kind", "allowed_id", "domain", "measure", "date_field", "subject_field"
    )
    def _check_records(self):
        for source in self.filtered(lambda one: one.kind == "records"):
            if not source.allowed_id:
                raise ValidationError(self.env._("Choose the records to measure."))
            source._parse_domain()
            source._check_field("date_field", ("date", "datetime"))
            if source.aggregate != "count":
                source._check_field("measure", ("integer", "float", "monetary"))
            if source.subject_field:
                source._check_field("subject_field", ("many2one",))
                field = self.env[source.model_name]._fields[source.subject_field]
                if field.comodel_name not in SUBJECT_MODELS:
                    raise ValidationError(
                        self.env._(
                            "“%s” is no employee, user, department or post.",
                            source.subject_field,
                        )
                    )

    @api.constrains("kind", "formula", "indicator_id")
    def _check_formula(self):
        for source in self.filtered(lambda one: one.kind == "formula"):
            try:
                wanted = names(source.formula or "")
                known = set(source._get_known_codes())
                unknown = sorted(wanted - known)
                if unknown:
                    raise FormulaError("unknown_name", ", ".join(unknown))
                if not wanted:  # nothing to wait for: it can be seen at once
                    evaluate(source.formula, {})
                order(source._get_formulas())
            except FormulaError as error:
                raise ValidationError(source._describe_formula_error(error)) from None

    def _sort_by_need(self):
        """Return the sources so that formulas follow what they are computed from."""
        formulas = self.filtered(lambda one: one.kind == "formula")
        ordered = self - formulas
        for group in formulas.grouped("company_id").values():
            by_code = {one.indicator_id.code: one for one in group}
            ranks = order({code: one.formula for code, one in by_code.items()})
            ordered += self.browse(by_code[code].id for code in ranks)
        return ordered

    def _get_known_codes(self) -> list[str]:
        return (
            self.env["bsc.indicator"]
            .search(
                [
                    ("company_id", "=", self.company_id.id),
                    ("state", "!=", "retired"),
                ]
            )
            .mapped("code")
        )

    def _get_formulas(self) -> dict[str, str]:
        """Return the formulas of the company by the code of what they compute."""
        sources = self.search(
            [("company_id", "in", self.company_id.ids), ("kind", "=", "formula")]
        )
        return {one.indicator_id.code: one.formula for one in sources | self}

    def _describe_formula_error(self, error) -> str:
        messages = {
            "too_long": self.env._("The formula is too long."),
            "syntax": self.env._("The formula is not complete: check its brackets."),
            "forbidden": self.env._(
                "Only numbers, codes of indicators, + - * / ** and min, max, avg, abs"
                " are possible in a formula, not “%s”.",
                error.detail,
            ),
            "unknown_name": self.env._("No figure is known for: %s.", error.detail),
            "division": self.env._("The formula divides by zero."),
            "cycle": self.env._(
                "Indicators cannot be computed from each other: %s.", error.detail
            ),
        }
        return messages.get(error.code) or self.env._(
            "The formula gives no number of reasonable size."
        )

    def _parse_domain(self) -> Domain:
        """Return the domain: literals only, no code.

        :raise ValidationError: anything else, or not a domain of these records
        """
        text = (self.domain or "[]").strip()
        try:
            if len(text) > MAX_DOMAIN:
                raise ValueError
            domain = Domain(ast.literal_eval(text))
            domain.validate(self.env[self.model_name])
        except (ValueError, SyntaxError, TypeError, MemoryError, RecursionError):
            raise ValidationError(
                self.env._("“%s” does not select any of these records.", text[:80])
            ) from None
        return domain

    def _check_field(self, setting, types):
        """:raise ValidationError: the field is not stored or not of the type"""
        name = self[setting] or ""
        field = self.env[self.model_name]._fields.get(name)
        if field is None or not field.store or field.type not in types or field.groups:
            raise ValidationError(
                self.env._(
                    "%(setting)s: “%(name)s” is not a usable field of “%(model)s”.",
                    setting=self._fields[setting]._description_string(self.env),
                    name=name,
                    model=self.allowed_id.name,
                )
            )
