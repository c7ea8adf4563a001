"""How an Excel file is sent."""

from odoo.http import content_disposition, request

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def send_excel(content, name):
    """Return the answer that downloads a workbook as ``name.xlsx``."""
    return request.make_response(
        content,
        [
            ("Content-Type", EXCEL),
            ("Content-Length", str(len(content))),
            ("Content-Disposition", content_disposition(f"{name}.xlsx")),
            ("X-Content-Type-Options", "nosniff"),
        ],
    )
