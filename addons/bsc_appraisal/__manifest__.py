{
    "name": "Balanced Scorecard Appraisal",
    "summary": "Perspectives, indicators and weights of a balanced scorecard",
    "version": "19.0.1.0.0",
    "category": "Human Resources/Appraisals",
    "author": "Budget Performance contributors",
    "license": "AGPL-3",
    "depends": ["budget_performance", "hr", "mail"],
    "data": [
        "security/bsc_appraisal_groups.xml",
        "security/ir.model.access.csv",
        "security/bsc_perspective_security.xml",
        "security/bsc_indicator_security.xml",
        "data/bsc_perspective_data.xml",
        "views/bsc_indicator_views.xml",
        "views/bsc_perspective_views.xml",
        "views/bsc_appraisal_menus.xml",
    ],
    "demo": [
        "demo/res_users_demo.xml",
        "demo/bsc_perspective_demo.xml",
        "demo/bsc.indicator.csv",
    ],
    "assets": {
        "web.assets_backend": [
            "bsc_appraisal/static/src/**/*",
        ],
        "web.assets_tests": [
            "bsc_appraisal/static/tests/tours/**/*",
        ],
        "web.assets_unit_tests": [
            "bsc_appraisal/static/tests/**/*.test.js",
        ],
    },
    "external_dependencies": {"python": ["numpy"]},
    "application": True,
}
