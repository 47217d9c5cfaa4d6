"""Page policy: a page without script may show its own style sheets, named by their hashes, and do nothing else."""

import re
from base64 import b64encode
from hashlib import sha256


def page_policy(page: str) -> str:
    """The content security policy of a whole page; loading anything, and being framed, are forbidden."""
    sheets = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    hashes = " ".join(f"'sha256-{b64encode(sha256(sheet.encode()).digest()).decode()}'" for sheet in sheets) or "'none'"
    return f"default-src 'none'; style-src {hashes}; base-uri 'none'; frame-ancestors 'none'"
