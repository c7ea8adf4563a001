"""The rules of this code base hold, and each rule notices what it forbids."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from . import architecture as rules
from .architecture import access, layout, raised_rights, source, wording

ROOT = Path(__file__).resolve().parents[1]
Rule = Callable[[Path], list[str]]

MODEL = """\
from odoo import fields, models


class Thing(models.Model):
    _name = "x.thing"
    _description = "Thing"

    company_id = fields.Many2one("res.company")
"""
ACCESS = """\
id,name,model_id:id,group_id:id,perm_read,perm_write,perm_create,perm_unlink
x_thing_user,x,model_x_thing,base.group_user,1,0,0,0
"""
RULE = """\
<odoo>
    <record id="x_thing_rule_company" model="ir.rule">
        <field name="model_id" ref="model_x_thing" />
        <field name="domain_force">[("company_id", "in", company_ids)]</field>
    </record>
</odoo>
"""
MANIFEST = """\
{"name": "X", "data": ["security/ir.model.access.csv",
 "security/x_thing_security.xml", "views/x_thing_views.xml"]}
"""
WIZARD = """\
from odoo import models


class Ask(models.TransientModel):
    _name = "x.ask"
"""
GOOD = {
    "addons/x/__manifest__.py": MANIFEST,
    "addons/x/models/x_thing.py": MODEL,
    "addons/x/security/ir.model.access.csv": ACCESS,
    "addons/x/security/x_thing_security.xml": RULE,
    "addons/x/views/x_thing_views.xml": "<odoo />\n",
    "addons/x/tools/sums.py": "from decimal import Decimal\n\nfrom . import other\n",
    "addons/x/tools/other.py": "ONE = 1\n",
}
METHOD = MODEL + "\n    def run(self):\n        "

# What each rule must notice: the files that break it (None takes a file away).
PLANTED: list[tuple[Rule, dict[str, str | None]]] = [
    (layout.tools_are_pure, {"addons/x/tools/sums.py": "from odoo import tools\n"}),
    (layout.tools_are_pure, {"addons/x/tools/sums.py": "import odoo.tools as t\n"}),
    (
        layout.tools_are_pure,
        {"addons/x/tools/sums.py": "def f():\n    from odoo import fields\n"},
    ),
    (layout.tools_are_pure, {"addons/x/tools/sums.py": "from ..models import y\n"}),
    (layout.sizes_are_small, {"addons/x/models/long.py": "x = 1\n" * 301}),
    (
        layout.sizes_are_small,
        {"script/long.py": "def f():\n" + "    x = 1\n" * 50},
    ),
    (
        layout.one_model_per_file,
        {
            "addons/x/models/x_thing.py": MODEL
            + "\n\nclass More(models.Model):\n    _inherit = 'x.thing'\n"
        },
    ),
    (
        layout.one_model_per_file,
        {"addons/x/models/x_thing.py": None, "addons/x/models/thing.py": MODEL},
    ),
    (
        access.access_names_a_group,
        {
            "addons/x/security/ir.model.access.csv": ACCESS.replace(
                "x_thing,base", "y,b"
            )
        },
    ),
    (
        access.access_names_a_group,
        {"addons/x/security/ir.model.access.csv": None},
    ),
    (
        access.access_names_a_group,
        {
            "addons/x/security/ir.model.access.csv": ACCESS.replace(
                "base.group_user", ""
            )
        },
    ),
    (access.companies_are_separated, {"addons/x/security/x_thing_security.xml": None}),
    (
        access.companies_are_separated,
        {"addons/x/security/x_thing_security.xml": RULE.replace("company", "user")},
    ),
    (
        access.companies_are_separated,
        {
            "addons/x/security/x_thing_security.xml": RULE.replace(
                "model_x_", "model_y_"
            )
        },
    ),
    (access.wizards_are_own, {"addons/x/wizard/x_ask.py": WIZARD}),
    (
        access.wizards_are_own,
        {
            "addons/x/wizard/x_ask.py": WIZARD,
            "addons/x/security/x_thing_security.xml": RULE.replace(
                "x_thing", "x_ask"
            ).replace("company", "create"),
        },
    ),
    (layout.views_bear_the_models_name, {"addons/x/views/x_thing_views.xml": None}),
    (layout.data_files_are_loaded, {"addons/x/data/more.xml": "<odoo />\n"}),
    (layout.data_files_are_loaded, {"addons/x/demo/y.thing.csv": "id\n"}),
    (
        layout.no_transaction_control,
        {"addons/x/models/x_thing.py": METHOD + "self.env.cr.commit()\n"},
    ),
    (
        layout.no_transaction_control,
        {"addons/x/wizard/x_thing.py": METHOD + "self.env.cr.rollback()\n"},
    ),
    (
        layout.no_direct_orm_import,
        {"addons/x/models/x_thing.py": "from odoo.orm import fields\n"},
    ),
    (
        layout.no_context_control_flow,
        {"addons/x/models/x_thing.py": METHOD + "self.env.context.get('x')\n"},
    ),
    (
        layout.no_context_control_flow,
        {"addons/x/models/x_thing.py": METHOD + "return 'x' in self.env.context\n"},
    ),
    (
        raised_rights.no_sudo_of_self,
        {"addons/x/models/x_thing.py": METHOD + "self = self.sudo()\n"},
    ),
    (
        raised_rights.no_sudo_of_self,
        {"addons/x/models/x_thing.py": METHOD + "self = self.with_user(1).sudo()\n"},
    ),
    (
        raised_rights.sudo_is_named_or_explained,
        {"addons/x/models/x_thing.py": METHOD + "self.sudo().write({})\n"},
    ),
    (
        raised_rights.sudo_is_named_or_explained,
        {"addons/x/models/x_thing.py": METHOD + "found = self.sudo().search([])\n"},
    ),
    (
        wording.nothing_unfinished,
        {"addons/x/models/x_thing.py": MODEL + "# TO" + "DO later\n"},
    ),
    (
        wording.no_machine_or_registry,
        {"docs/x.md": "pip install -i https://pypi" + ".org/simple\n"},
    ),
    (
        wording.no_machine_or_registry,
        {"docs/x.md": "deb http://mirror.example" + ".net/debian sid main\n"},
    ),
    (wording.no_machine_or_registry, {"odoo.conf": "data_dir = /root" + "/data\n"}),
]


def plant(root: Path, files: dict[str, str | None]) -> Path:
    """Write a small addon that obeys all rules, changed by ``files``."""
    for name, text in {**GOOD, **files}.items():
        if text is not None:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Rule) -> None:
    assert rule(ROOT) == [], rule.__doc__


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_rule_passes_good_code(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path, {})) == []


@pytest.mark.parametrize(
    ("rule", "files"),
    PLANTED,
    ids=[f"{n}-{rule.__name__}" for n, (rule, _files) in enumerate(PLANTED)],
)
def test_rule_notices(rule: Rule, files: dict[str, str | None], tmp_path: Path) -> None:
    assert rule(plant(tmp_path, files))


def test_every_rule_has_a_planted_violation() -> None:
    assert {rule for rule, _files in PLANTED} == set(rules.RULES)


def test_no_exception_is_stale() -> None:
    new = {model.name for model in source.models_of(ROOT) if model.is_new}
    text = "".join(path.read_text("utf-8") for path in source.python_files(ROOT))
    assert set(layout.WITHOUT_VIEWS) | set(access.SHARED_WIZARDS) <= new
    assert [key for key in layout.CONTEXT_KEYS if f'"{key}"' not in text] == []
