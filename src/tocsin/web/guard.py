"""Guard: every request passes it before anything is answered.

- Host must be an address, "localhost" or one of `settings.names`: a foreign page whose name was pointed at this machine
  (DNS rebinding) is refused with 421.
- A request that a browser says comes from another site (Origin, Sec-Fetch-Site) is refused with 403; opening the start
  page by a link is allowed.
- With operators configured every request shows a session, which logging in gives, or the token of a program, which may
  read. An answer without end ends when its session does.
- Without, and with a token configured, every request shows it: as "Authorization: Bearer", or in the cookie that
  `/?token=...` sets.
- Every answer forbids the browser to load or send anything elsewhere, to guess types, or to be framed.
"""

import hmac
import ipaddress
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from tocsin.model.errors import TocsinError
from tocsin.web.login import LOGIN, PERSON, Door
from tocsin.web.operators import Operator, Role
from tocsin.web.settings import Settings

COOKIE = "tocsin"
SIGHTING = "/sighting.html"
_END: dict[str, Message] = {
    "http": {"type": "http.response.body", "body": b"", "more_body": False},
    "websocket": {"type": "websocket.close", "code": 1008, "reason": "logged out"},
}
PROGRAM = Operator("program", Role.VIEWER, "")
SECURITY_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; worker-src 'self' blob:; manifest-src 'self'; media-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


class Guard:
    """ASGI middleware around the whole app."""

    def __init__(self, app: ASGIApp, settings: Settings, token: str | None, door: Door | None = None) -> None:
        self._app = app
        self._names = {"localhost", *settings.names}
        self._token = token
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a refusal, or let the app answer, with the security headers on either."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        left = False

        async def send_guarded(message: Message) -> None:
            nonlocal left
            if message["type"] in ("http.response.start", "websocket.http.response.start"):
                answered = MutableHeaders(scope=message)
                for name, value in SECURITY_HEADERS.items():
                    answered.setdefault(name, value)  # a page of its own may be stricter still
            elif PERSON in scope and _goes_on(message) and not self._still_in(headers):
                left = True
                raise _LeftError("whoever read this has logged out")
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is not None:
            await refusal(scope, receive, send_guarded)
            return
        with suppress(_LeftError, ClientDisconnect):  # whoever asked is let go, or gone
            await self._app(scope, receive, send_guarded)
        if left:
            await send(_END[scope["type"]])

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        """Why not, or None with whoever asks left in the scope."""
        host = headers.get("host", "")
        method = scope.get("method", "GET")  # a WebSocket is opened by GET
        if not self._is_ours(host):
            return _refuse(421, f"Host {host!r} is not known here; add it to web.names in the site file")
        is_start = method == "GET" and scope["path"] in ("/", LOGIN, SIGHTING)
        origin = headers.get("origin")
        if origin is not None and origin not in (f"http://{host}", f"https://{host}"):
            return _refuse(403, "requests from other sites are refused")
        if headers.get("sec-fetch-site", "none") not in ("none", "same-origin") and not is_start:
            return _refuse(403, "requests from other sites are refused")
        return self._unknown(scope, headers) if self._door is None else self._stranger(scope, headers, self._door)

    def _unknown(self, scope: Scope, headers: Headers) -> Response | None:
        """Where nobody has a name, a token lets everybody in, if there is one."""
        if self._token is None or self._shows_token(headers):
            return None
        is_start = scope.get("method") == "GET" and scope["path"] == "/"
        if is_start and self._matches(QueryParams(scope["query_string"]).get("token", "")):
            return _log_in(self._token, secure=scope.get("scheme") == "https")
        return _refuse(401, "a token is needed: open /?token=..., or send Authorization: Bearer ...")

    def _stranger(self, scope: Scope, headers: Headers, door: Door) -> Response | None:
        """Where people have names: a session, or a program's token, which may read."""
        person = door.who(headers)
        if person is None and self._shows_bearer(headers):
            person = PROGRAM
        if person is not None:
            scope[PERSON] = person
            return None
        if scope["path"] == LOGIN:
            return None
        if scope.get("method") == "GET" and scope["path"] in ("/", SIGHTING):
            return RedirectResponse(LOGIN, 303, headers={"cache-control": "no-store"})
        return _refuse(401, "log in at /login")

    def _still_in(self, headers: Headers) -> bool:
        return self._door is None or self._door.who(headers) is not None or self._shows_bearer(headers)

    def _is_ours(self, host: str) -> bool:
        name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
        try:
            ipaddress.ip_address(name.removeprefix("[").removesuffix("]"))
        except ValueError:
            return name.lower() in self._names
        return True

    def _shows_bearer(self, headers: Headers) -> bool:
        scheme, _, shown = headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._matches(shown)

    def _shows_token(self, headers: Headers) -> bool:
        if self._shows_bearer(headers):
            return True
        try:
            cookie = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return cookie is not None and self._matches(cookie.value)

    def _matches(self, shown: str) -> bool:
        return self._token is not None and hmac.compare_digest(shown.encode(), self._token.encode())


class _LeftError(TocsinError, OSError):
    """Nobody is there any more to answer to; for the app the same as a closed connection."""


def _goes_on(message: Message) -> bool:
    """Whether more of an answer without end is told."""
    return bool(message.get("more_body")) or message["type"] == "websocket.send"


def _refuse(status: int, reason: str) -> Response:
    return PlainTextResponse(reason + "\n", status, headers={"cache-control": "no-store"})


def _log_in(token: str, secure: bool) -> Response:
    response = RedirectResponse("/", 303, headers={"cache-control": "no-store"})
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
    return response
