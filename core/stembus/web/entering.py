"""At the door of one page: whom it is for, and whether a form was made for them."""

from urllib.parse import quote

from stembus.access.sessions import seen
from stembus.entry import Who, lets_in
from stembus.web.navigation import enters
from stembus.web.visit import Answer, Visit
from stembus.words import N_

SIGN_IN = "/sign-in"
STEP_UP = "/sign-in/again"


def turned_away(visit: Visit, who: Who, step_up: bool, token: str | None) -> Answer | None:
    """Return the answer for somebody who may not enter, or None for who may.

    `token` is that of the form that was sent (None: the page changes nothing). Who is not signed in is asked to, who
    signed in too weakly for the seat is asked for a passkey, and others are told who may.
    """
    if token is not None and not visit.form_fits(token):
        return visit.page("problem.html", status=403, kind="form")
    visitor = visit.visitor
    if visitor is not None:
        seen(visit.instance, visitor.session, visit.now)
    if not enters(who, visitor):
        if visitor is None:
            return _asked_to_sign_in(visit)
        if not visitor.is_strong and _would_enter(who, visit):
            return visit.go(f"{STEP_UP}?next={_next(visit)}", N_("For this seat you sign in with your passkey."))
        return visit.page("problem.html", status=403, kind="entry")
    if step_up and (visitor is None or not visitor.stepped_up(visit.now)):
        return visit.go(f"{STEP_UP}?next={_next(visit)}", N_("This is a grave act: show your passkey once more."))
    return None


def _asked_to_sign_in(visit: Visit) -> Answer:
    return visit.go(
        f"{SIGN_IN}?next={_next(visit)}", N_("Sign in first. Then you go on to the page that you asked for.")
    )


def _next(visit: Visit) -> str:
    """Return where to go on afterwards; what a form sent is not kept, so then it is the page of before."""
    query = "&".join(f"{quote(key)}={quote(value)}" for key, value in visit.query.items() if key != "lang")
    path = visit.path if visit.method in ("GET", "HEAD") else "/"
    return quote(f"{path}?{query}" if query else path, safe="")


def _would_enter(who: Who, visit: Visit) -> bool:
    visitor = visit.member
    return lets_in(who, is_member=True, is_seated=bool(visitor.seats), powers=visitor.granted)
