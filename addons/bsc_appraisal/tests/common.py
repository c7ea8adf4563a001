from odoo.tests import new_test_user
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon

OFFICER = "bsc_appraisal.group_appraisal_officer"
MANAGER = "bsc_appraisal.group_appraisal_manager"
AUDITOR = "budget_performance.group_performance_auditor"


class AppraisalCommon(BaseCommon):
    """A company of its own with one perspective, and one user per role."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        return cls.env["res.company"].create({"name": "Seaside Mills", **kwargs})

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["bsc.perspective"].search([]).weight = 0.0
        cls.perspective = cls._create_perspective(code="TF", weight=60.0)
        cls.employee = cls._create_user("employee", "base.group_user")
        cls.collector = cls._create_user("collector", "base.group_user")
        cls.officer = cls._create_user("officer", OFFICER)
        cls.manager = cls._create_user("manager", MANAGER)
        cls.auditor = cls._create_user("auditor", AUDITOR)
        cls.portal = cls._create_user("portal", "base.group_portal")

    @classmethod
    @mute_logger("odoo.tests")
    def _create_user(cls, name, group, company=None):
        company = company or cls.company
        return new_test_user(
            cls.env,
            login=f"bsc_{name}",
            groups=group,
            company_id=company.id,
            company_ids=company.ids,
        )

    @classmethod
    def _create_perspective(cls, **values):
        defaults = {"name": "Perspective", "code": "P", "weight": 0.0}
        return cls.env["bsc.perspective"].create({**defaults, **values})

    @classmethod
    def _create_draft(cls, **values):
        """Create a draft that only lacks a name of its own: it can be activated."""
        return cls.env["bsc.indicator"].create(cls._prepare_draft_vals(**values))

    @classmethod
    def _create_active(cls, **values):
        indicator = cls._create_draft(**values)
        indicator.sudo().action_activate()
        return indicator

    @classmethod
    def _prepare_draft_vals(cls, **values):
        defaults = {
            "name": "Received value",
            "code": "V1",
            "company_id": cls.company.id,
            "perspective_id": cls.perspective.id,
            "unit": "CNY",
            "statistical_rule": "Money received in the month, tax excluded.",
            "source": "Bank statements",
            "collector_id": cls.collector.id,
        }
        return {**defaults, **values}
