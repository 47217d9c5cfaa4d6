"""A page without script shows its own style sheets and nothing else."""

import base64
import hashlib

from tocsin.web.page_policy import page_policy


def test_each_style_sheet_is_named_by_its_hash() -> None:
    sheet = "p { color: red }"
    named = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    policy = page_policy(f"<style>{sheet}</style><p>x<style>q{{}}</style>")
    assert f"style-src 'sha256-{named}' 'sha256-" in policy and policy.startswith("default-src 'none'")


def test_a_page_without_a_style_sheet_may_have_none() -> None:
    assert "style-src 'none'" in page_policy("<p>x")
