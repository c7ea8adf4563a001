from secrets import SystemRandom

from odoo import fields, models

from ..tools.feedback import ANONYMOUS, Sheet, score, tell_size
from ..tools.feedback_bias import Sign, find_signs, leniency

SHUFFLER = SystemRandom()
COMMENTS = ("strength", "improve")


class BscFeedback(models.Model):
    """Closing a round: answers become figures once, and are erased.

    Everything that is ever shown is written here, in one transaction; nothing is
    computed anew when one more answer or another setting comes.
    """

    _inherit = "bsc.feedback"

    def _do_close(self):
        # An answer that is saved meanwhile has changed its invitation: one of the two
        # transactions fails on that row and is run again.
        self.invitation_ids.filtered(lambda one: one.state == "invited")._expire()
        answers = self.env["bsc.feedback.answer"].search(
            [("feedback_id", "=", self.id)]
        )
        sheets = [
            Sheet(one.rater_group, {int(key): mark for key, mark in one.marks.items()})
            for one in answers
        ]
        weights = {one.id: one.weight for one in self.competency_ids}
        result = score(sheets, weights, self._get_feedback_policy())
        signs = find_signs(sheets, result, list(weights))
        self.env["bsc.feedback.result"].create(self._prepare_results(sheets, result))
        self.env["bsc.feedback.comment"].create(self._prepare_comments(answers, result))
        self.write({"state": "closed", "date_closed": fields.Date.today()})
        self.env["bsc.feedback.flag"].create(
            [
                {
                    "feedback_id": self.id,
                    "kind": sign.kind,
                    "rater_group": sign.group,
                    "competency_id": sign.competency,
                    "value": sign.value,
                }
                for sign in [*signs, *self._find_leniency()]
            ]
        )
        answers.unlink()

    def _prepare_results(self, sheets, result):
        """Return the rows: fate and mean of each group, cells, totals, gaps."""
        rows = []
        counts = {}
        for sheet in sheets:
            fate = result.groups.get(sheet.group)
            host = sheet.group if fate == "shown" else fate
            counts[host] = counts.get(host, 0) + bool(sheet.marks)
        for group, fate in result.groups.items():
            is_own = fate in ("shown", "hidden")
            has_size = fate == "shown" and group in ANONYMOUS
            rows.append(
                {
                    "rater_group": group,
                    "status": fate if is_own else "merged",
                    "merged_into": not is_own and fate,
                    "value": result.means.get(group, 0.0),
                    "size": has_size
                    and tell_size(counts[group], self.feedback_minimum),
                }
            )
        for (group, competency), value in sorted(result.cells.items()):
            rows.append(
                {"rater_group": group, "competency_id": competency, "value": value}
            )
        totals = {**result.competencies}
        if result.overall is not None:
            totals[None] = result.overall
        for competency, value in totals.items():
            rows.append(
                {
                    "rater_group": "all",
                    "competency_id": competency,
                    "value": value,
                    "gap": result.gaps.get(competency, 0.0),
                    "has_gap": competency in result.gaps,
                }
            )
        return [{"feedback_id": self.id, **row} for row in rows]

    def _prepare_comments(self, answers, result):
        """Return comments in no order: those of named raters, and those of all others
        together, if enough of them wrote.
        """
        rows = []
        for kind in COMMENTS:
            pool = []
            for answer in answers:
                text = (answer[kind] or "").strip()
                fate = result.groups.get(answer.rater_group, "hidden")
                if not text or fate == "hidden":
                    continue
                if answer.rater_group in ANONYMOUS:
                    pool.append(("others", text))
                else:
                    rows.append((kind, answer.rater_group, text))
            if len(pool) >= self.feedback_minimum:
                rows += [(kind, source, text) for source, text in pool]
        SHUFFLER.shuffle(rows)
        return [
            {"feedback_id": self.id, "kind": kind, "source": source, "text": text}
            for kind, source, text in rows
        ]

    def _find_leniency(self):
        """Compare the manager with those who judged others in this cycle.

        Only managers: the marks of all others are known to be of nobody.
        """
        rows = self.env["bsc.feedback.result"]._read_group(
            [
                ("feedback_id.cycle_id", "=", self.cycle_id.id),
                ("rater_group", "=", "manager"),
                ("competency_id", "=", False),
                ("status", "=", "shown"),
            ],
            ["feedback_id"],
            ["value:max"],
        )
        marks = {}
        for feedback, value in rows:
            marks.setdefault(feedback.appraiser_id.id, []).append(value)
        far = leniency(marks).get(self.appraiser_id.id)
        if far is None:
            return []
        return [Sign("leniency", "manager", far)]

    def _get_score(self):
        """Return the total as a mark from 1 to 5, or None if nothing may be shown."""
        total = self.result_ids.filtered(
            lambda row: row.rater_group == "all" and not row.competency_id
        )
        return total.value if total else None
