from odoo import Command
from odoo.tests import HttpCase, tagged

from odoo.addons.bsc_appraisal.tests.common import AppraisalCommon

SUCCESS = "[HOOT] Test suite succeeded"


def is_error_of_the_page(message):
    """Errors that hoot reports itself end the run at its end, with all of them."""
    return "[HOOT]" not in message


class ComponentsCase(HttpCase):
    """Runs what stands in static/tests: the components of this addon by themselves."""

    def _run_suite(self, preset, extra=""):
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset={preset}&timeout=15000"
            f"&id={self._hash('@bsc_appraisal')}{extra}",
            "",
            "",
            login="admin",
            timeout=300,
            success_signal=SUCCESS,
            error_checker=is_error_of_the_page,
        )

    def _hash(self, text):
        """Return how hoot addresses a suite."""
        value = 0
        for character in text:
            value = ((value << 5) - value + ord(character)) & 0xFFFFFFFF
        return f"{value:08x}"


@tagged("post_install", "-at_install")
class TestComponentsOnDesktop(ComponentsCase):
    def test_components(self):
        self._run_suite("desktop")


@tagged("post_install", "-at_install")
class TestComponentsOnPhone(ComponentsCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_components(self):
        self._run_suite("mobile", "&tag=-headless")


@tagged("post_install", "-at_install")
class TestTours(AppraisalCommon, HttpCase):
    """What people see in a browser, with data of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.perspective.name = "Tour Perspective"

    def test_expert_judges_until_his_answers_agree(self):
        """P5: live weights, the gate, the judgement to look at, handed in."""
        for number in range(3):
            self._create_active(code=f"T{number}", name=f"Thing {number}")
        study = self.env["bsc.weighting"].create(
            {
                "name": "Weights of the tour",
                "company_id": self.company.id,
                "perspective_id": self.perspective.id,
                "owner_id": self.officer.id,
                "min_experts": 1,
                "expert_ids": [Command.create({"user_id": self.employee.id})],
            }
        )
        study.action_open()
        self.start_tour(
            "/odoo/my-comparisons",
            "bsc_appraisal_expert_judges",
            login=self.employee.login,
        )
        part = study.expert_ids
        self.assertEqual(part.state, "submitted")
        self.assertEqual(part.judgement_ids.mapped("strength"), [3, 5, 2])
        self.assertEqual(set(part.judgement_ids.mapped("favours")), {"first"})

    def test_employee_walks_the_map(self):
        """P1: the published map, opened by a click."""
        objective = self.env["bsc.objective"].create(
            {
                "name": "Skills of the tour",
                "company_id": self.company.id,
                "perspective_id": self.perspective.id,
            }
        )
        objective.action_publish()
        self.start_tour(
            "/odoo/strategy-map", "bsc_appraisal_map_opens", login=self.employee.login
        )

    def test_officer_draws_the_map(self):
        """P1: an objective, what drives it, and the arrow between them."""
        cause = self.env["bsc.objective"].create(
            {
                "name": "Skills of the tour",
                "company_id": self.company.id,
                "perspective_id": self.perspective.id,
            }
        )
        cause.action_publish()
        self.start_tour(
            "/odoo/strategy-map", "bsc_officer_draws_map", login=self.manager.login
        )
        effect = cause.effect_ids
        self.assertRecordValues(
            effect, [{"name": "Fewer complaints", "state": "published"}]
        )
