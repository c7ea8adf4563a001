from collections import defaultdict

from odoo import api, fields, models

from odoo.addons.bsc_appraisal.models.bsc_bonus import PAY

from .bsc_bonus import CODES

RULES = (
    "bsc_appraisal_payroll.hr_salary_rule_bonus",
    "bsc_appraisal_payroll.hr_salary_rule_lump",
)


class HrPayslip(models.Model):
    """Takes what is due to the employee when it is computed, and at no other time.

    A slip that was computed before a raise or a bonus came says so and stays as it is
    until somebody computes it again. What a slip took is paid when it is confirmed, and
    due again when it is cancelled, deleted or refunded.
    """

    _inherit = "hr.payslip"

    bonus_ids = fields.One2many("bsc.bonus", "payslip_id", readonly=True, groups=PAY)
    award_issue = fields.Char(
        string="Raises and Bonuses", compute="_compute_award_issue", groups=PAY
    )

    @api.depends("state", "date_to", "employee_id", "contract_id", "input_line_ids")
    def _compute_award_issue(self):
        computed = self.filtered(
            lambda slip: slip.state in ("verify", "done") and not slip.credit_note
        )
        due = computed._find_due()
        versions = computed._find_raised()
        for slip in self:
            slip.award_issue = False
            if slip not in computed:
                continue
            sums = slip._sum_by_code(due[slip.id])
            is_open = slip.state == "verify" and slip._has_other_inputs(sums)
            is_open = is_open or (slip.state == "done" and any(sums.values()))
            if slip.id in versions:
                slip.award_issue = self.env._(
                    "A raise came after this slip was computed: it shows the old wage."
                )
            elif is_open:
                slip.award_issue = self.env._(
                    "What is due to the employee has changed after this slip was"
                    " computed: it does not show it."
                )

    def _has_other_inputs(self, sums):
        """Tell whether the inputs of the slip say something else than is due."""
        shown = {
            line.code: line.amount
            for line in self.input_line_ids
            if line.code in CODES.values()
        }
        currency = self.company_id.currency_id
        return any(
            currency.compare_amounts(shown.get(code, 0.0), sums[code])
            for code in CODES.values()
        )

    @api.model
    def _sum_by_code(self, bonuses):
        sums = dict.fromkeys(CODES.values(), 0.0)
        for bonus in bonuses:
            sums[CODES[bonus.kind]] += bonus.amount
        return sums

    def _find_due(self):
        """Return ``{slip id: sums that it takes}``, with one query for all slips."""
        found = defaultdict(self.env["bsc.bonus"].browse)
        if not self:
            return found
        bonuses = self.env["bsc.bonus"].search(
            [
                ("employee_id", "in", self.employee_id.ids),
                ("state", "=", "due"),
                ("date", "<=", max(self.mapped("date_to"))),
            ],
            order="id",
        )
        by_employee = self.grouped("employee_id")
        for bonus in bonuses:
            for slip in by_employee[bonus.employee_id]:
                is_free = bonus.payslip_id in (self.browse(), slip)
                if is_free and bonus.date <= slip.date_to:
                    found[slip.id] |= bonus
                    break
        return found

    def _find_raised(self):
        """Return ``{slip id: version}`` of slips on a wage that was raised since."""
        slips = self.filtered("contract_id")
        if not slips:
            return {}
        lines = self.env["bsc.raise"].search(
            [
                ("employee_id", "in", slips.employee_id.ids),
                ("state", "=", "applied"),
                ("version_id", "!=", False),
                ("date_effective", "<=", max(slips.mapped("date_to"))),
            ],
            order="date_effective",
        )
        found = {}
        by_employee = slips.grouped("employee_id")
        for line in lines:
            for slip in by_employee[line.employee_id]:
                since = slip.contract_id.date_version
                if since < line.date_effective <= slip.date_to:
                    found[slip.id] = line.version_id
        return found

    def compute_sheet(self):
        # EXTENDS 'payroll'
        self._take_awards()
        return super().compute_sheet()

    def _take_awards(self):
        """Put the wage in force and what is due on slips that are to be computed."""
        slips = self.filtered(
            lambda slip: (
                slip.state in ("draft", "verify")
                and not slip.credit_note
                and slip.employee_id
            )
        )
        for slip_id, version in slips._find_raised().items():
            self.browse(slip_id).contract_id = version
        due = slips._find_due()
        missing = []
        for slip in slips:
            # sudo: sums are closed to everybody, payroll only says who pays them
            bonuses_sudo = due[slip.id].sudo()
            taken_sudo = slip.sudo().bonus_ids  # as above
            (taken_sudo - bonuses_sudo).payslip_id = False
            if not bonuses_sudo and not slip._get_award_inputs():
                continue
            contract = slip.contract_id or slip._get_employee_contracts()[-1:]
            if contract:
                (bonuses_sudo - taken_sudo).payslip_id = slip
                sums = self._sum_by_code(bonuses_sudo)
                missing += slip._store_inputs(sums, contract)
        self.env["hr.payslip.input"].create(missing)  # all of them at once

    def _get_award_inputs(self):
        return self.input_line_ids.filtered(lambda line: line.code in CODES.values())

    def _store_inputs(self, sums, contract):
        """Write the inputs of the awards: one line each, none for nothing.

        :return: values of those that are missing
        """
        self.ensure_one()
        missing = []
        for code, amount in sums.items():
            lines = self._get_award_inputs().filtered(lambda one, c=code: one.code == c)
            if not amount:
                lines.unlink()
                continue
            vals = {"amount": amount, "contract_id": contract.id}
            (lines - lines[:1]).unlink()
            if lines:
                lines[:1].write(vals)
            else:
                name = self._get_award_names()[code]
                missing.append(
                    {"payslip_id": self.id, "code": code, "name": name, **vals}
                )
        return missing

    def _get_award_names(self):
        return {
            CODES["bonus"]: self.env._("Bonus"),
            CODES["lump"]: self.env._("Lump sum of a raise"),
        }

    def _get_salary_rules(self):
        # EXTENDS 'payroll': no structure has to be changed for what is paid once
        rules = super()._get_salary_rules()
        codes = set(self.input_line_ids.mapped("code"))
        if not rules or not codes & set(CODES.values()):
            return rules
        # sudo: payroll officers read rules, data references are not theirs to read
        own_sudo = self.env["hr.salary.rule"].union(
            *(self.env.ref(name).sudo() for name in RULES)
        )
        own = own_sudo.filtered(lambda rule: rule.code in codes).sudo(False)
        return (rules | own).sorted("sequence")

    def write(self, vals):
        # EXTENDS 'payroll'
        res = super().write(vals)
        # sudo: sums are closed to everybody, the payslip decides what is paid
        bonuses_sudo = self.sudo().bonus_ids
        if vals.get("state") == "done":
            for slip in self.filtered(lambda one: not one.credit_note):
                slip._pay_awards()
        elif vals.get("state") in ("cancel", "draft") or vals.get("refunded_id"):
            bonuses_sudo._release()
        return res

    def _pay_awards(self):
        """Note as paid what stands on the slip with its whole sum."""
        self.ensure_one()
        currency = self.company_id.currency_id
        bonuses_sudo = self.sudo().bonus_ids  # as in write
        for code, amount in self._sum_by_code(bonuses_sudo).items():
            shown = sum(
                line.total
                for line in self.line_ids.filtered(lambda l, c=code: l.code == c)
            )
            mine = bonuses_sudo.filtered(lambda b, c=code: CODES[b.kind] == c)
            if mine and not currency.compare_amounts(shown, amount):
                mine._pay()

    def unlink(self):
        # EXTENDS 'payroll'
        self.sudo().bonus_ids._release()  # as in write
        return super().unlink()
