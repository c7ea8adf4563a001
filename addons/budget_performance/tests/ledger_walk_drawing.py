"""What a random walk draws: records, people, values, and how its script names them."""

from datetime import date

DAYS = (
    date(2026, 3, 10),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 6, 15),
    date(2026, 12, 31),
    date(2027, 2, 1),
    date(2025, 11, 5),
    date(2028, 1, 1),
)


class WalkDrawing:
    """Drawn from the generator of the walk; the likely cases come more often."""

    def _claim(self, *states):
        """A claim, mostly one in these approval states."""
        fitting = [claim for claim in self.claims if claim.approval_state in states]
        if self.rng.random() < 0.75:  # and mostly one without a journal entry
            fitting = [c for c in fitting if not c.account_move_id] or fitting
        if self.rng.random() < 0.6:
            fitting = fitting[-4:]
        if fitting and self.rng.random() < 0.85:
            return self.rng.choice(fitting)
        return self.rng.choice(self.claims) if self.claims else self._spare_claim()

    def _spare_claim(self):
        self.claims.append(self.case._create_claim())
        return self.claims[-1]

    def _spent(self):
        linked = [claim for claim in self.claims if claim.account_move_id]
        return self.rng.choice(linked) if linked else self._claim("approved")

    def _move(self):
        moves = [*self.moves, *(c.account_move_id for c in self.claims)]
        moves = [move for move in moves if move and move.exists()]
        return self.rng.choice(moves) if moves else self.env["account.move"]

    def _item(self, move):
        items = move.line_ids.filtered(lambda i: i.account_id.account_type == "expense")
        return self.rng.choice(items) if items else move.line_ids[:1]

    def _user(self, *logins):
        """A user, mostly one who may."""
        if logins and self.rng.random() < 0.8:
            return getattr(self.case, f"user_{self.rng.choice(logins)}")
        everyone = ("employee", "owner", "officer", "manager", "auditor", "stranger")
        return getattr(self.case, f"user_{self.rng.choice(everyone)}")

    def _amount(self):
        if self.rng.random() < 0.1:
            odd = (0, -100.0, 0.01, 0.05, 9999.0, 7001.0, 1e300, True, "1e3", 33333.33)
            return self.rng.choice(odd)
        return self.rng.randrange(1, 150000) / 100

    def _day(self):
        if self.rng.random() < 0.8:
            return date(2026, self.rng.randrange(1, 13), self.rng.randrange(1, 29))
        return self.rng.choice(DAYS)

    def _distribution(self):
        case = self.case
        sales, making = case.centre_sales.id, case.centre_making.id
        alpha, beta = case.project_alpha.id, case.project_beta.id
        return self.rng.choice(
            (
                {f"{sales}": 100},
                {f"{making}": 100},
                {f"{sales}": 100},
                {f"{making}": 100},
                {f"{sales}": 33.33, f"{making}": 66.67},
                {f"{making}": 33.335, f"{sales}": 66.665},
                {f"{making}": 50, f"{sales}": 50},
                {f"{sales},{alpha}": 60, f"{making},{beta}": 40},
                {f"{alpha},{sales}": 12.5, f"{sales},{beta}": 87.5},
                {f"{sales}": 100, f"{alpha}": 30.3, f"{beta}": 69.7},
                {f"{sales}": 60},
                {f"{sales}": 80, f"{making}": 40},
                {f"{sales}": 150, f"{making}": -50},
                {f"{alpha}": 100},
                False,
            )
        )

    def _product(self):
        names = ("hotel", "hotel", "flight", "taxi", "training", "gift", "mileage")
        return getattr(self.case, f"product_{self.rng.choice(names)}")

    def _account(self):
        names = ("hotel", "hotel", "flight", "taxi", "training", "gift")
        return getattr(self.case, f"account_{self.rng.choice(names)}")

    def _name(self, record):
        """The name of a record in the script: ids differ from run to run."""
        for letter, known in (("claim", self.claims), ("move", self.moves)):
            if record in known:
                return f"{letter}[{known.index(record)}]"
        if record._name == "account.move":
            owner = [c for c in self.claims if c.account_move_id == record]
            return f"{self._name(owner[0])}.move" if owner else "move[-]"
        return f"{record._name}[-]"

    def _as(self, record, user):
        return record.with_user(user).with_context(
            allowed_company_ids=user.company_ids.ids
        )

    def _write(self, record, user, vals):
        shown = {k: self._show(v, k) for k, v in vals.items()}
        return (
            f"{self._name(record)}.write({shown}) as {user.login}",
            lambda: self._as(record, user).write(vals),
        )

    def _show(self, value, field=None):
        case = self.case
        if value and field in ("product_id", "account_id", "employee_id"):
            model = self.env["hr.expense"]._fields[field].comodel_name
            return self.env[model].sudo().browse(value).name
        names = {
            str(getattr(case, name).id): name.rpartition("_")[2]
            for name in ("centre_sales", "centre_making", "project_alpha")
            + ("project_beta",)
        }
        if isinstance(value, dict):
            return {
                "+".join(names[part] for part in key.split(",")): share
                for key, share in value.items()
            }
        return str(value)

    # Parts of steps

    def _press(self, method, states, *logins):
        claim, user = self._claim(*states), self._user(*logins)
        press = getattr(self._as(claim, user), method)
        return f"{self._name(claim)}.{method}() as {user.login}", press

    def _book(self, method, first=None):
        move = self._move()

        def book():
            if first and move.state == "posted":
                getattr(move, first)()
            getattr(move, method)()

        return f"{self._name(move)}.{method}()", book

    def _write_move(self, vals):
        move = self._move()
        return f"{self._name(move)}.write({vals})", lambda: move.write(vals)
