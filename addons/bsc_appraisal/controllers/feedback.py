from odoo import http
from odoo.exceptions import UserError
from odoo.http import request

from ..tools.feedback import HIGHEST, LOWEST

NOT_JUDGED = "na"


class FeedbackController(http.Controller):
    """The page on which raters answer: colleagues by login, customers by their link.

    What is typed goes straight into the answer; nothing of it is kept beside the
    session or under the name of the user.
    """

    @http.route(
        "/feedback/<int:invitation_id>/<string:token>",
        type="http",
        auth="public",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def feedback_by_link(self, invitation_id, token, **form):
        """Serve who holds the link, whether somebody is logged in or not."""
        # sudo: the token is the right; a customer has no other
        Invitation_sudo = request.env["bsc.feedback.invitation"].sudo()
        invitation_sudo = Invitation_sudo.browse(invitation_id).exists()
        request.update_context(lang=self._find_lang(invitation_sudo))
        invitation_sudo = invitation_sudo.with_env(request.env(su=True))
        is_known = invitation_sudo and not invitation_sudo.user_id
        # What is over has no token any more: then everybody hears the same.
        if not (is_known and invitation_sudo._accepts_token(token)):
            return self._respond("gone", status=404)
        return self._serve(invitation_sudo, form)

    @http.route(
        "/feedback/mine/<int:invitation_id>",
        type="http",
        auth="user",
        methods=["GET", "POST"],
        sitemap=False,
    )
    def feedback_of_mine(self, invitation_id, **form):
        """Serve a colleague who was asked."""
        invitation = request.env["bsc.feedback.invitation"].search(
            [("id", "=", invitation_id), ("user_id", "=", request.env.uid)]
        )
        if not invitation:
            return self._respond("gone", status=404)
        # sudo: it is his; the round and the answers are closed to him
        return self._serve(invitation.sudo(), form)

    def _serve(self, invitation_sudo, form):
        try:
            invitation_sudo._check_open()
        except UserError as error:
            return self._respond("message", message=error.args[0])
        if request.httprequest.method != "POST":
            return self._respond_form(invitation_sudo, {})
        if "decline" in form:
            invitation_sudo._decline(form.get("reason"))
            return self._respond("declined")
        marks, missing = self._read_marks(invitation_sudo, form)
        if missing:
            return self._respond_form(invitation_sudo, form, missing=missing)
        try:
            invitation_sudo._answer(marks, form.get("strength"), form.get("improve"))
        except UserError as error:
            return self._respond_form(invitation_sudo, form, message=error.args[0])
        return self._respond("thanks", is_internal=bool(invitation_sudo.user_id))

    def _read_marks(self, invitation_sudo, form):
        """Return (marks by competency, competencies without any answer)."""
        marks, missing = {}, []
        allowed = {str(mark): mark for mark in range(LOWEST, HIGHEST + 1)}
        for competency in invitation_sudo.feedback_id.competency_ids:
            answer = form.get(f"mark_{competency.id}")
            if answer in allowed:
                marks[competency.id] = allowed[answer]
            elif answer != NOT_JUDGED:
                missing.append(competency.id)
        return marks, missing

    def _respond_form(self, invitation_sudo, form, missing=(), message=""):
        return self._respond(
            "form",
            invitation=invitation_sudo,
            competencies=invitation_sudo.feedback_id.competency_ids,
            scale=range(LOWEST, HIGHEST + 1),
            form=form,
            missing=missing,
            message=message,
            status=400 if missing or message else 200,
        )

    def _respond(self, step, status=200, **values):
        lang = (request.env.lang or "en_US").replace("_", "-")
        response = request.render(
            "bsc_appraisal.feedback_page", {"step": step, "page_lang": lang, **values}
        )
        response.status_code = status
        response.headers["Cache-Control"] = "no-store"
        # The address holds the token: it is told to nobody else.
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        return response

    def _find_lang(self, invitation_sudo):
        """Return the language of the browser, else of the mail, else of the company."""
        installed = [
            # sudo: visitors read no languages; which there are is no secret
            code
            for code, _name in request.env["res.lang"].sudo().get_installed()
        ]
        wanted = request.best_lang or ""
        family = wanted.split("_")[0]
        alike = [code for code in installed if code.split("_")[0] == family]
        if wanted in installed:
            return wanted
        company_lang = invitation_sudo.company_id.partner_id.lang
        others = [invitation_sudo[:1].lang, company_lang, "en_US"]
        fallback = [code for code in others if code in installed] + installed
        return (alike + fallback)[0]
