from datetime import datetime, time, timedelta

import pytz

from odoo import models
from odoo.fields import Domain

from ..tools.formula import FormulaError, evaluate, names
from .bsc_measurement_collection import Found
from .bsc_measurement_source import SUBJECT_MODELS

BUDGET_AMOUNTS = {
    "planned": lambda planned, used, actual: planned,
    "actual": lambda planned, used, actual: actual,
    "available": lambda planned, used, actual: planned - used,
    "execution_rate": lambda planned, used, actual: 100 * actual / planned,
    "usage_rate": lambda planned, used, actual: 100 * used / planned,
}


class BscMeasurement(models.Model):
    """The kinds of sources: business records, budget lines, formulas."""

    _inherit = "bsc.measurement"

    def _collect_records(self, source, first, last):
        """Aggregate the allowed records by subject, read by the technical user."""
        Model = self._get_reader_model(source)
        field = source.subject_field
        domain = Domain.AND(
            [
                source._parse_domain(),
                self._get_period_domain(Model, source, first, last),
                self._get_company_domain(Model, source),
            ]
        )
        aggregates = ["id:array_agg"]
        if source.aggregate != "count":
            aggregates.append(f"{source.measure}:{source.aggregate}")
        found = {}
        for row in Model._read_group(domain, [field] if field else [], aggregates):
            subject, *values = row if field else (None, *row)
            ids = tuple(sorted(values[0] or ()))
            key = self._get_key_of(subject, field and Model._fields[field].comodel_name)
            value = len(ids) if source.aggregate == "count" else values[1]
            if key and (ids or source.aggregate in ("count", "sum")):
                found[key] = Found(value or 0.0, Model._name, ids)
        if source.aggregate in ("count", "sum"):
            # Nothing happened is an answer, where one counts what happened.
            for key in self.mapped("subject_key"):
                found.setdefault(key, Found(0.0, Model._name))
        return found

    def _get_reader_model(self, source):
        """Return the model as the technical reader sees it, in one company."""
        # sudo: the reader's companies follow those that measure
        reader_sudo = self.env.ref("bsc_appraisal.user_measurement_reader").sudo()
        if source.company_id not in reader_sudo.company_ids:
            reader_sudo.company_ids |= source.company_id
        return (
            self.env[source.model_name]
            .with_user(reader_sudo)
            .with_context(allowed_company_ids=source.company_id.ids)
        )

    def _get_period_domain(self, Model, source, first, last):
        name = source.date_field
        if Model._fields[name].type == "date":
            return Domain(name, ">=", first) & Domain(name, "<=", last)
        zone = pytz.timezone(source.company_id.partner_id.tz or "UTC")
        start, end = (
            zone.localize(datetime.combine(day, time.min))
            .astimezone(pytz.utc)
            .replace(tzinfo=None)
            for day in (first, last + timedelta(days=1))
        )
        return Domain(name, ">=", start) & Domain(name, "<", end)

    def _get_company_domain(self, Model, source):
        if "company_id" not in Model._fields:
            return Domain.TRUE
        return Domain("company_id", "in", [source.company_id.id, False])

    def _get_key_of(self, subject, comodel):
        if not comodel:
            return "company"
        if not subject:
            return None
        record_sudo = self.env[comodel].sudo().browse(subject.id)  # its id only
        if comodel == "res.users":
            record_sudo = record_sudo.employee_id
        return f"{SUBJECT_MODELS[comodel]}:{record_sudo.id}" if record_sudo else None

    def _collect_budget(self, source, first, last):
        """Add up the months of the subject's budget lines.

        Lines inside a pool and the reserve are left out, as in every total.
        """
        found = {}
        for figure in self:
            # sudo: who answers for a scorecard need not read budgets
            months_sudo = (
                self.env["performance.budget.allocation"]
                .sudo()
                .search(self._get_budget_domain(source, figure, first, last))
            )
            inside = months_sudo.line_id
            months_sudo = months_sudo.filtered(
                lambda month, inside=inside: month.line_id.pool_line_id not in inside
            )
            planned = sum(months_sudo.mapped("amount_planned"))
            actual = sum(months_sudo.mapped("amount_actual"))
            used = actual + sum(months_sudo.mapped("amount_reserved"))
            used += sum(months_sudo.mapped("amount_committed"))
            lines = months_sudo.line_id
            if not lines or (not planned and source.budget_measure.endswith("_rate")):
                error = self.env._("No budget is planned for the period.")
                found[figure.subject_key] = Found(error=error)
                continue
            value = BUDGET_AMOUNTS[source.budget_measure](planned, used, actual)
            found[figure.subject_key] = Found(value, lines._name, tuple(lines.ids))
        return found

    def _get_budget_domain(self, source, figure, first, last):
        domain = Domain(
            [
                ("company_id", "=", figure.company_id.id),
                ("budget_id.state", "in", ("approved", "closed")),
                ("month", ">=", first.replace(day=1)),
                ("month", "<=", last),
            ]
        )
        if source.budget_line_id:
            return domain & Domain("line_id", "=", source.budget_line_id.id)
        domain &= Domain("line_id.is_reserve", "=", False)
        if figure.subject_kind == "company":
            return domain
        # sudo: the department of an employee is no secret to who sees his figure
        department = figure.department_id or figure.sudo().employee_id.department_id
        return domain & Domain("line_id.department_id", "child_of", department.id)

    def _collect_formula(self, source, first, last):
        """Compute from the verified figures of the same subject and period."""
        values = self._get_verified_values(first, last, self.mapped("subject_key"))
        wanted = names(source.formula)
        found = {}
        for key in self.mapped("subject_key"):
            known = {
                code: value for code, value in values[key].items() if code in wanted
            }
            try:
                value = evaluate(
                    source.formula,
                    {code: value for code, (value, _id) in known.items()},
                )
            except FormulaError as error:
                found[key] = Found(error=source._describe_formula_error(error))
                continue
            text = ", ".join(
                f"{code} = {value:g}" for code, (value, _id) in known.items()
            )
            ids = tuple(figure_id for _value, figure_id in known.values())
            found[key] = Found(value, self._name, ids, text=f"{source.formula}; {text}")
        return found
