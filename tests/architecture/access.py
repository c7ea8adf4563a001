"""Rules about access lines and record rules: groups, companies, wizards."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree as ET

from .source import addons_of, models_of

# Wizards that others may read what somebody has left in, and why it harms nobody.
SHARED_WIZARDS: dict[str, str] = {}


def access_names_a_group(root: Path) -> list[str]:
    """Each model with a table has an ACL line, and each ACL line names a group."""
    found = []
    granted: dict[Path, set[str]] = {}
    for addon in addons_of(root):
        path = addon / "security" / "ir.model.access.csv"
        granted[addon] = set()
        if not path.exists():
            continue
        with path.open(encoding="utf-8", newline="") as handle:
            for row in csv.DictReader(handle):
                model = row.get("model_id:id") or row.get("model_id/id") or ""
                granted[addon].add(model.rpartition(".")[2])
                if not (row.get("group_id:id") or row.get("group_id/id")):
                    found.append(f"{path}: {row.get('id')} names no group")
    for model in models_of(root):
        if model.is_new and model.kind != "abstract":
            if f"model_{model.underscored}" not in granted[model.addon]:
                found.append(f"{model.path}: no ACL line for {model.name}")
    return found


def companies_are_separated(root: Path) -> list[str]:
    """Each stored model with a company has a rule on it, in a file of its name."""
    found = []
    for model in models_of(root):
        if not model.is_new or model.kind != "stored":
            continue
        if "company_id" not in model.fields:
            continue
        path = model.addon / "security" / f"{model.underscored}_security.xml"
        if not path.exists():
            found.append(f"{model.path}: {path.name} with its company rule is missing")
        elif not _has_company_rule(path, model.underscored):
            found.append(f"{path}: no rule of {model.name} looks at the company")
    return found


def _has_company_rule(path: Path, underscored: str) -> bool:
    for fields in _rules_in(path, underscored):
        domain = fields.get("domain_force")
        text = "" if domain is None else (domain.text or "") + domain.get("eval", "")
        if "company" in text:
            return True
    return False


def wizards_are_own(root: Path) -> list[str]:
    """Each wizard has a rule for everybody by which only who opened it reads it.

    Odoo lets everybody with access to the model read what anybody was shown there.
    """
    found = []
    for model in models_of(root):
        if (
            not model.is_new
            or model.kind != "transient"
            or model.name in SHARED_WIZARDS
        ):
            continue
        paths = sorted((model.addon / "security").glob("*.xml"))
        if not any(_has_own_rule(path, model.underscored) for path in paths):
            found.append(f"{model.path}: no rule on create_uid of {model.name}")
    return found


def _has_own_rule(path: Path, underscored: str) -> bool:
    for fields in _rules_in(path, underscored):
        domain = fields.get("domain_force")
        text = "" if domain is None else domain.text or ""
        if "create_uid" in text and "groups" not in fields:
            return True
    return False


def _rules_in(path: Path, underscored: str) -> Iterator[dict[str | None, ET.Element]]:
    """Yield the fields of each record rule on a model."""
    for record in ET.parse(path).getroot().iter("record"):
        fields = {field.get("name"): field for field in record.iter("field")}
        if record.get("model") != "ir.rule" or "model_id" not in fields:
            continue
        reference = (fields["model_id"].get("ref") or "").rpartition(".")[2]
        if reference == f"model_{underscored}":
            yield fields
