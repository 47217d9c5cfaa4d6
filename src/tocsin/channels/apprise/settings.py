"""Settings of the `apprise` channel."""

import msgspec


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`urls_env`: the environment variable with the services' addresses, apart by blanks; they hold keys, so they never
    stand in the site file."""

    urls_env: str
