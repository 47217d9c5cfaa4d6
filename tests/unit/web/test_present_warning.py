"""A warning as the API gives it: its first text, its times in words, and what each channel said."""

import msgspec

from tocsin.model.warning import Level, Receipt
from tocsin.web.present_warning import present_receipt, present_warning
from warning_builder import warning


def test_the_first_language_is_shown_with_what_became_of_it() -> None:
    told = msgspec.structs.replace(warning(), sent_s=0.0, expires_s=600.0)
    view = present_warning(told, [Receipt(told.id, "siren", Level.CONFIRMED, 1.0, "heard", 2, True)])
    assert (view.id, view.chain, view.stage, view.status) == (told.id, told.chain, "issued", "Actual")
    assert (view.headline, view.instruction) == ("Drone approaching: gate", "Go indoors now.")
    assert (view.sent, view.expires) == ("1970-01-01T00:00:00.000Z", "1970-01-01T00:10:00.000Z")
    (receipt,) = view.receipts
    assert (receipt.channel, receipt.level, receipt.detail, receipt.final) == ("siren", "confirmed", "heard", True)


def test_a_message_without_words_shows_none() -> None:
    view = present_warning(msgspec.structs.replace(warning(), texts=()), ())
    assert (view.headline, view.instruction, view.receipts) == ("", "", ())


def test_a_failure_is_a_level_too() -> None:
    assert present_receipt(Receipt("W1-X-1", "mail", Level.FAILED, 0.0, "refused")).level == "failed"
