"""Bundle the scripts and styles of a database; runs in the virtual environment."""

from __future__ import annotations

import sys

from odoo import api
from odoo.modules.registry import Registry
from odoo.service import server
from odoo.tools import config


def generate(configuration: str, database: str) -> None:
    """Make all bundles that pages ask for, as Odoo does before its own tests."""
    config.parse_config(["-c", configuration, "-d", database], setup_logging=True)
    server.load_server_wide_modules()
    with Registry(database).cursor() as cr:
        env = api.Environment(cr, api.SUPERUSER_ID, {})
        env["ir.qweb"]._pregenerate_assets_bundles()


if __name__ == "__main__":
    generate(*sys.argv[1:])
