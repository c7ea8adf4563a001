{
    "name": "Balanced Scorecard Appraisal: Payroll",
    "summary": "Raises, bonuses and lump sums on payslips",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Appraisals",
    "author": "Budget Performance contributors",
    "license": "AGPL-3",
    "depends": ["bsc_appraisal", "payroll"],
    "data": [
        "data/hr_salary_rule_data.xml",
        "views/bsc_bonus_views.xml",
        "views/hr_payslip_views.xml",
    ],
    "auto_install": True,
}
