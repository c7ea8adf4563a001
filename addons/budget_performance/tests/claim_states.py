from .common import BudgetCommon

# What the line of the claim holds.
NOTHING = {}
RESERVED = {(3, "reserved"): 100.0}
COMMITTED = {(3, "committed"): 100.0}
SPENT_IN_MAY = {(5, "actual"): 100.0}


class ClaimStates(BudgetCommon):
    """A claim of 100.00 in March in each of its states."""

    def _draft(self):
        return self._create_claim()

    def _submitted(self):
        claim = self._create_claim()
        claim.action_submit()
        self._flush()
        return claim

    def _approved(self):
        return self._create_approved()

    def _posted(self):
        claim = self._create_approved()
        self._post(claim, "2026-05-20")
        self._flush()
        return claim

    def _paid_by_company(self):
        claim = self._create_approved(payment_mode="company_account")
        self._post(claim)
        self._flush()
        return claim
