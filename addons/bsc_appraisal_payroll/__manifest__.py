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
    "demo": [
        "demo/hr_payslip_demo.xml",
    ],
    "assets": {
        "web.assets_tests": [
            "bsc_appraisal_payroll/static/tests/tours/**/*",
        ],
    },
    "auto_install": True,
}
