"""Manifests, lock files, Docker files and translations agree; each rule notices."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from . import deployment as rules

ROOT = Path(__file__).resolve().parents[1]
Rule = Callable[[Path], list[str]]
FILES = (
    *("Dockerfile", ".dockerignore", "docker-compose.yml", "odoo.conf"),
    *("requirements.lock", "requirements-addons.txt", "requirements-oca.txt"),
)
MANIFEST = """\
{"name": "X", "version": "19.0.1.0.0", "depends": ["base_tier_validation", "account"],
 "external_dependencies": {"python": ["numpy"]}}
"""
SECOND = """\
{"name": "Y", "version": "19.0.1.0.0", "depends": ["budget_performance"]}
"""
POT = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "Budget"
msgstr ""
"""
PO = POT.replace('msgid "Budget"\nmsgstr ""', 'msgid "Budget"\nmsgstr "预算"')
ADDON = "addons/budget_performance"

# What each rule must notice: file, text in it, what replaces the text.
PLANTED: list[tuple[Rule, str, str, str]] = [
    (rules.versions_are_of_the_series, f"{ADDON}/__manifest__.py", "19.0.1", "18.0.1"),
    (rules.versions_are_of_the_series, "requirements-oca.txt", "==19.0", "==18.0"),
    (rules.versions_are_of_the_series, "Dockerfile", "odoo:19.0", "odoo:18.0"),
    (rules.versions_are_of_the_series, "docker-compose.yml", ":19.0", ":latest"),
    (rules.dependencies_are_provided, f"{ADDON}/__manifest__.py", '"account"', '"acc"'),
    (
        rules.dependencies_are_provided,
        "requirements-oca.txt",
        "odoo-addon-base-tier-validation",
        "odoo-addon-other",
    ),
    (rules.libraries_are_locked, f"{ADDON}/__manifest__.py", '"numpy"', '"scipy"'),
    (rules.libraries_are_locked, f"{ADDON}/tools/sums.py", "numpy", "pandas"),
    (rules.image_libraries_agree, "requirements-addons.txt", "numpy==", "numpy==0."),
    (
        rules.image_libraries_agree,
        "requirements-addons.txt",
        "numpy==",
        "six==1.17.0 #",
    ),
    (rules.image_paths_agree, "odoo.conf", "/mnt/extra-addons", "/mnt/addons"),
    (rules.image_paths_agree, "Dockerfile", "--target /mnt/oca", "--target /mnt/x"),
    (rules.image_paths_agree, "Dockerfile", "COPY addons /mnt", "COPY addons /srv"),
    (rules.image_paths_agree, "Dockerfile", "/etc/odoo/", "/etc/"),
    (rules.image_paths_agree, "Dockerfile", "budget/requirements-oca.txt", "budget/x"),
    (rules.image_paths_agree, ".dockerignore", "!addons\n", ""),
    (rules.compose_agrees, "docker-compose.yml", "service_healthy", "service_started"),
    (rules.compose_agrees, "docker-compose.yml", "healthcheck:", "x-check:"),
    (rules.compose_agrees, "docker-compose.yml", "=budget_performance,", "="),
    (rules.compose_agrees, "docker-compose.yml", "files:/var/lib/odoo", "files:/data"),
    (rules.compose_agrees, "docker-compose.yml", "      USER: odoo", "      USER: x"),
    (rules.compose_agrees, "docker-compose.yml", "build: .", "build: other"),
    (rules.translations_are_complete, f"{ADDON}/i18n/zh_CN.po", '"预算"', '""'),
    (
        rules.translations_are_complete,
        f"{ADDON}/i18n/zh_CN.po",
        'msgid "Budget"',
        '#, fuzzy\nmsgid "Budget"',
    ),
    (
        rules.translations_are_complete,
        f"{ADDON}/i18n/budget_performance.pot",
        'msgid "Budget"',
        'msgid "Limit"\nmsgstr ""\n\nmsgid "Budget"',
    ),
]


def plant(root: Path) -> Path:
    """Write a tree that agrees: the real deployment files and two tiny addons."""
    for name in FILES:
        shutil.copy(ROOT / name, root / name)
    texts = {
        f"{ADDON}/__manifest__.py": MANIFEST,
        f"{ADDON}/tools/sums.py": "import numpy\n",
        f"{ADDON}/i18n/budget_performance.pot": POT,
        f"{ADDON}/i18n/zh_CN.po": PO,
        "addons/bsc_appraisal/__manifest__.py": SECOND,
        "addons/bsc_appraisal/i18n/bsc_appraisal.pot": POT,
        "addons/bsc_appraisal/i18n/zh_CN.po": PO,
    }
    for name, text in texts.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_rule_holds(rule: Rule) -> None:
    assert rule(ROOT) == [], rule.__doc__


@pytest.mark.parametrize("rule", rules.RULES, ids=lambda rule: rule.__name__)
def test_rule_passes_a_tree_that_agrees(rule: Rule, tmp_path: Path) -> None:
    assert rule(plant(tmp_path)) == []


@pytest.mark.parametrize(
    ("rule", "name", "old", "new"),
    PLANTED,
    ids=[f"{number}-{row[0].__name__}" for number, row in enumerate(PLANTED)],
)
def test_rule_notices(
    rule: Rule, name: str, old: str, new: str, tmp_path: Path
) -> None:
    path = plant(tmp_path) / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    assert rule(tmp_path)


@pytest.mark.parametrize("name", ["budget_performance.pot", "zh_CN.po"])
def test_a_missing_translation_file_is_noticed(name: str, tmp_path: Path) -> None:
    (plant(tmp_path) / ADDON / "i18n" / name).unlink()
    assert rules.translations_are_complete(tmp_path)


def test_every_rule_has_a_planted_violation() -> None:
    assert {row[0] for row in PLANTED} == set(rules.RULES)
