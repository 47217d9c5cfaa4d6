"""Adapter: mail by SMTP, the text in every language and the CAP message attached.

Accepted: the server took it for every recipient. A recipient it refuses is named in the record; if it refuses all, it
has failed. A test that nobody must hear goes as far as the server's word on sender and recipients and sends no mail.
"""

import os
import smtplib
import ssl
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, ClassVar

from tocsin.channels.smtp.settings import Settings as SmtpSettings
from tocsin.model.adapter_info import AdapterInfo, Grade
from tocsin.model.channel import ChannelContext
from tocsin.model.errors import TocsinError
from tocsin.model.warning import Level, Warning


class Adapter:
    """One mail server and its recipients."""

    info: ClassVar[AdapterInfo] = AdapterInfo(
        name="smtp",
        summary="mail with the CAP message attached",
        standard="SMTP, RFC 5321 and 5322",
        grade=Grade.SAMPLED,
    )
    Settings: ClassVar[type[SmtpSettings]] = SmtpSettings
    emits: ClassVar[tuple[str, ...]] = ("mail",)
    proof: ClassVar[Level] = Level.ACCEPTED

    def __init__(self, settings: SmtpSettings, context: ChannelContext) -> None:
        self._settings, self._context = settings, context
        self._counts: Counter[str] = Counter()
        self._password = None
        if settings.password_env is not None:
            self._password = os.environ.get(settings.password_env)
            if not self._password:
                raise TocsinError(f"{context.name}: the environment variable {settings.password_env} is not set")

    def deliver(self, warning: Warning) -> tuple[Level, str]:
        """Hand the mail to the server."""
        try:
            with self._connect() as server:
                if not warning.audible:
                    return self._prove(server)
                refused = server.send_message(mail(warning, self._settings, self._context.site))
        except smtplib.SMTPException as error:
            raise TocsinError(f"{self._settings.host}: {error}") from error
        self._counts["mails"] += 1
        self._counts["refused"] += len(refused)
        who = f"; refused for {', '.join(sorted(refused))}" if refused else ""
        return Level.ACCEPTED, f"{len(self._settings.recipients) - len(refused)} recipients{who}"

    def close(self) -> None:
        """Nothing is held open."""

    def statistics(self) -> Mapping[str, Any]:
        """Mails, and recipients that were refused."""
        return dict(self._counts)

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        context = ssl.create_default_context()
        if settings.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=settings.answer_s, context=context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=settings.answer_s)
        if settings.security == "starttls":
            server.starttls(context=context)
        if settings.username is not None:
            server.login(settings.username, self._password or "")
        return server

    def _prove(self, server: smtplib.SMTP) -> tuple[Level, str]:
        server.ehlo_or_helo_if_needed()
        refused = []
        for number, answer in [server.mail(self._settings.sender), *map(server.rcpt, self._settings.recipients)]:
            if number >= 400:
                refused.append(answer.decode("utf-8", "replace"))
        server.rset()
        if refused:
            raise TocsinError(f"{self._settings.host}: would refuse: {refused[0]}")
        return Level.ACCEPTED, "the server would take it; nothing was sent"


def mail(warning: Warning, settings: SmtpSettings, site: str) -> EmailMessage:
    """The mail of a warning."""
    message = EmailMessage()
    message["Subject"] = " / ".join(dict.fromkeys(text.headline for text in warning.texts)) or warning.reason
    message["From"], message["To"] = settings.sender, ", ".join(settings.recipients)
    message["Date"] = format_datetime(datetime.fromtimestamp(warning.sent_s, UTC))
    message["Message-ID"] = f"<{warning.id}@tocsin.invalid>"
    message["Auto-Submitted"] = "auto-generated"
    if warning.references:
        earlier = (one.split(",")[1] for one in warning.references)
        message["References"] = " ".join(f"<{one}@tocsin.invalid>" for one in earlier)
    parts = [f"{text.headline}\n\n{text.instruction}\n\n{text.description}" for text in warning.texts]
    end = f"{site}, {warning.status}, {warning.id}, until {datetime.fromtimestamp(warning.expires_s, UTC):%H:%M:%SZ}"
    message.set_content("\n\n".join([*parts, end]) + "\n")
    if warning.cap:
        message.add_attachment(warning.cap.encode(), maintype="application", subtype="cap+xml", filename="warning.xml")
    return message
