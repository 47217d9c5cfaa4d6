"""Login: a page that asks for a name and a password, and what stands behind it. The page needs no script.

`Door` is what the guard asks who a request comes from. A password is checked in a thread, one at a time, as each check
takes 64 MiB; whether the name is known makes no difference to the time it takes.
"""

import asyncio
import html
import math
import time
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from urllib.parse import parse_qs

import msgspec
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from tocsin.model.command import CommandKind
from tocsin.web.operators import LONGEST_PASSWORD, Operator, Operators, Role, hashed, matches, may
from tocsin.web.page_policy import page_policy
from tocsin.web.sessions import FREE_TRIES, Limit, Sessions

COOKIE = "tocsin-session"
LOGIN = "/login"
PERSON = "tocsin.person"  # the key of a request's scope under which the guard leaves who asks
_TRIES_AN_ADDRESS = 10 * FREE_TRIES  # many desks may stand behind one address
_FORM_BYTES = 8192
_NO_STORE = {"cache-control": "no-store"}
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Tocsin: log in</title>
<style>body {{ background: #14181c; color: #e8ecef; font: 16px/1.5 system-ui, sans-serif }}
body {{ margin: 12vh auto; width: 20rem }}
label {{ display: block; margin-top: 1rem }} input {{ box-sizing: border-box; width: 100% }}
input, button {{ background: #1c2227; border: 1px solid #8d99a5; color: inherit; font: inherit; padding: .4rem .6rem }}
button {{ margin-top: 1.5rem }} [role=alert] {{ border-left: .4rem solid #ffb02e; padding-left: .6rem }}</style>
<main><h1>Tocsin</h1>{problem}
<form method="post" action="login">
<label>Name <input name="name" autocomplete="username" required autofocus maxlength="64"></label>
<label>Password <input name="password" type="password" autocomplete="current-password" required></label>
<button>Log in</button></form></main></html>
"""


class Me(msgspec.Struct, frozen=True):
    """Who asks. `name` is "" where nobody has to log in; `may` are the kinds of command that will be taken."""

    name: str
    role: Role
    may: tuple[CommandKind, ...]
    logged_in: bool


class Door:
    """Who is let in. `now_s` is a clock that only goes forward."""

    def __init__(self, operators: Operators, now_s: Callable[[], float] = time.monotonic) -> None:
        self._operators = operators
        self._sessions = Sessions(operators, now_s)
        self._pairs, self._addresses = Limit(now_s), Limit(now_s, _TRIES_AN_ADDRESS)
        self._one_at_a_time = asyncio.Lock()
        self._nobody = hashed("a password that nobody has")

    def who(self, headers: Headers) -> Operator | None:
        """Whose session the request shows."""
        name = session_name(headers)
        return self._sessions.of(name) if name else None

    def routes(self) -> list[Route]:
        """The page, its answer, and the way out."""
        return [
            Route(LOGIN, self._ask, methods=["GET"]),
            Route(LOGIN, self._answer, methods=["POST"]),
            Route("/logout", self._leave, methods=["POST"]),
        ]

    async def _ask(self, request: Request) -> Response:
        return _page("")

    async def _answer(self, request: Request) -> Response:
        form = await _form(request)
        if form is None:
            return _page("That was no form of this page.", 400)
        name, password = form
        address = request.client.host if request.client else ""
        pair = f"{name}\n{address}"
        known = self._operators.named(name)
        async with self._one_at_a_time:  # the wait is asked for in here: many tries at once are still one after another
            wait_s = max(self._pairs.wait_s(pair), self._addresses.wait_s(address))
            if wait_s > 0.0:
                seconds = str(math.ceil(wait_s))
                return _page(f"Too many wrong passwords. Try again in {seconds} s.", 429, {"retry-after": seconds})
            right = await asyncio.to_thread(matches, password, known.password if known else self._nobody)
            if known is None or not right:
                self._pairs.failed(pair)
                self._addresses.failed(address)
                return _page("Name and password do not belong together.", 403)
        self._pairs.passed(pair)
        response = RedirectResponse("/", 303, headers=_NO_STORE)
        secure = request.scope.get("scheme") == "https"
        response.set_cookie(COOKIE, self._sessions.begin(known), httponly=True, samesite="strict", secure=secure)
        return response

    async def _leave(self, request: Request) -> Response:
        self._sessions.end(session_name(request.headers))
        response = RedirectResponse(LOGIN, 303, headers=_NO_STORE)
        response.delete_cookie(COOKIE)
        return response


async def me(request: Request) -> Response:
    """Answers `Me`: what the screen has to know of its reader."""
    person = request.scope.get(PERSON)
    role = Role.ADMIN if person is None else person.role
    kinds = tuple(kind for kind in CommandKind if may(role, kind))
    found = Me(person.name if person else "", role, kinds, person is not None)
    return Response(msgspec.json.encode(found), media_type="application/json", headers=_NO_STORE)


def session_name(headers: Headers) -> str:
    """The session that a request shows, "" for none."""
    try:
        cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return cookie.value if cookie else ""


async def _form(request: Request) -> tuple[str, str] | None:
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return None
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _FORM_BYTES:
            return None
    try:
        fields = parse_qs(body.decode(), strict_parsing=True, max_num_fields=4)
        name, password = fields["name"][0], fields["password"][0]
    except (ValueError, KeyError):
        return None
    return (name, password) if len(password) <= LONGEST_PASSWORD else None


def _page(problem: str, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    said = f'<p role="alert">{html.escape(problem)}</p>' if problem else ""
    page = _PAGE.format(problem=said)
    own = {
        "content-security-policy": f"{page_policy(page)}; form-action 'self'",
        "referrer-policy": "same-origin",  # with none at all browsers send the form as from an unknown origin
    }
    return HTMLResponse(page, status, headers=_NO_STORE | own | (headers or {}))
