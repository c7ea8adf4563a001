from datetime import datetime, time

from freezegun import freeze_time

from odoo.addons.bsc_appraisal.tests.test_feedback_page import AnswersByLink


class DemoCase(AnswersByLink):
    """The demo company on the day on which its data was made, whatever day is today."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not cls.env.ref("base.module_bsc_appraisal_payroll").demo:
            cls.skipTest(cls, "This addon was installed without demo data.")
        cls.cycle = cls._ref("cycle_quarter")
        day = cls.cycle.create_date.date()
        cls.startClassPatcher(freeze_time(datetime.combine(day, time(3))))

    @classmethod
    def _ref(cls, name, module="bsc_appraisal"):
        record = cls.env.ref(f"{module}.{name}", raise_if_not_found=False)
        if not record:
            raise AssertionError(
                f"The demo data has no {module}.{name}: the story cannot be played."
                " Was the database made before it came, or was it deleted?"
            )
        return record

    @classmethod
    def _budget(cls, name):
        return cls._ref(name, "budget_performance")

    def _as(self, login):
        return self.env["res.users"].search([("login", "=", login)]).ensure_one()

    def _play(self, tour, login, url="/odoo"):
        if isinstance(url, tuple):
            url = f"/odoo/{url[0]}/{url[1].id}"
        self.start_tour(url, f"bsc_story_{tour}", login=login, timeout=180)
        self.env.invalidate_all()

    def _run_cron(self, name):
        with self.enter_registry_test_mode():
            self._ref(f"ir_cron_bsc_{name}").method_direct_trigger()
        self.env.invalidate_all()
