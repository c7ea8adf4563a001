{
    "name": "Budget Performance: Dashboards",
    "summary": "Plan and use of budgets at a glance, for finance and for owners",
    "version": "19.0.1.0.0",
    "category": "Accounting/Budget",
    "author": "Budget Performance contributors",
    "license": "AGPL-3",
    "depends": ["budget_performance", "spreadsheet_dashboard"],
    "data": ["data/spreadsheet_dashboard_data.xml"],
    "auto_install": True,
}
