"""Present: warnings to people outside, and what each channel said of them, as the API gives them."""

from collections.abc import Sequence

from tocsin.model.views import ReceiptView, WarningView
from tocsin.model.warning import Receipt, Warning
from tocsin.web.present import iso


def present_warning(warning: Warning, receipts: Sequence[Receipt]) -> WarningView:
    """A message to people outside, with what became of it."""
    text = warning.texts[0] if warning.texts else None
    return WarningView(
        id=warning.id,
        chain=warning.chain,
        stage=str(warning.stage),
        status=str(warning.status),
        policy=warning.policy,
        places=warning.places,
        sent=iso(warning.sent_s),
        expires=iso(warning.expires_s),
        headline=text.headline if text is not None else "",
        instruction=text.instruction if text is not None else "",
        alerts=warning.alerts,
        channels=warning.channels,
        needs=warning.needs,
        approved_by=warning.approved_by,
        reason=warning.reason,
        receipts=tuple(map(present_receipt, receipts)),
    )


def present_receipt(receipt: Receipt) -> ReceiptView:
    """What one channel said of one message."""
    level, time = receipt.level.name.lower(), iso(receipt.time_s)
    return ReceiptView(receipt.channel, level, time, receipt.detail, receipt.attempt, receipt.final)
