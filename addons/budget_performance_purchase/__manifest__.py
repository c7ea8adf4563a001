{
    "name": "Budget Performance: Purchase",
    "summary": "Purchase orders under budget control",
    "version": "19.0.1.0.0",
    "category": "Accounting/Budget",
    "author": "Budget Performance contributors",
    "license": "AGPL-3",
    "depends": ["budget_performance", "purchase"],
    "data": [
        "views/purchase_order_views.xml",
        "views/res_config_settings_views.xml",
    ],
    "demo": ["demo/purchase_order_demo.xml"],
    "auto_install": True,
}
