"""A warning by any of the message services that the library Apprise knows: SMS, chat, push."""
