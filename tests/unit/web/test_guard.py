"""Who is refused: other sites, other names, and those without the token."""

from pathlib import Path

import pytest

from tocsin.model.errors import TocsinError
from tocsin.web.settings import Settings
from unit.web.examples import Journal, client

pytestmark = pytest.mark.anyio
GOOD = {"id": "c1", "kind": "note", "author": "ada"}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"host": "localhost:8080"}, 200),
        ({"host": "[::1]:8080"}, 200),
        ({"host": "evil.example"}, 421),
        ({"host": "127.0.0.1.evil.example:8080"}, 421),
        ({"host": ""}, 421),
        ({"origin": "http://127.0.0.1:8080"}, 200),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:3000"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
async def test_other_sites_are_refused(headers: dict[str, str], status: int) -> None:
    journal = Journal()
    async with client(journal) as web:
        assert (await web.get("/api/picture", headers=headers)).status_code == status
        assert (await web.post("/api/commands", json=GOOD, headers=headers)).status_code == status
        start = await web.get("/", headers={"sec-fetch-site": "cross-site"})
    assert start.status_code == 200
    assert len(journal.got) == (status == 200)


async def test_every_answer_forbids_the_browser_to_go_elsewhere() -> None:
    async with client() as web:
        for response in (
            await web.get("/"),
            await web.get("/api/picture"),
            await web.get("/api/nothing"),
            await web.get("/api/picture", headers={"host": "evil.example"}),
        ):
            policy = response.headers["content-security-policy"]
            assert policy.startswith("default-src 'none'; script-src 'self';") and "http" not in policy
            assert response.headers["x-content-type-options"] == "nosniff"


async def test_another_host_needs_operators_and_an_encrypted_way(tmp_path: Path) -> None:
    for settings in (Settings(host="0.0.0.0"), Settings(host="::"), Settings(host="radar.example")):
        with pytest.raises(TocsinError, match=r"web\.host.*web\.operators"):
            client(settings=settings)
    with pytest.raises(TocsinError, match=r"web\.certificate.*web\.plain"):
        client(settings=Settings(host="0.0.0.0", operators="operators.toml"))
    for half in (Settings(certificate="c.pem"), Settings(key="k.pem")):
        with pytest.raises(TocsinError, match="the one needs the other"):
            client(settings=half)
    with pytest.raises(TocsinError, match=r"web\.operators.*nowhere\.toml"):
        client(settings=Settings(host="0.0.0.0", operators=str(tmp_path / "nowhere.toml"), plain=True))


async def test_a_token_that_is_named_must_be_there_and_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TOCSIN_TEST_TOKEN", raising=False)
    with pytest.raises(TocsinError, match=r"web\.token_env.*TOCSIN_TEST_TOKEN"):
        client(settings=Settings(token_env="TOCSIN_TEST_TOKEN"))
    monkeypatch.setenv("TOCSIN_TEST_TOKEN", "short")
    with pytest.raises(TocsinError, match="16 characters"):
        client(settings=Settings(token_env="TOCSIN_TEST_TOKEN"))


async def test_a_token_is_asked_for_and_kept_in_a_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    token = "0123456789abcdef-secret"
    monkeypatch.setenv("TOCSIN_TEST_TOKEN", token)
    settings = Settings(token_env="TOCSIN_TEST_TOKEN", names=("radar.example",))
    async with client(settings=settings) as web:
        for path in ("/", "/api/picture", "/stream", "/?token=wrong"):
            assert (await web.get(path)).status_code == 401
        for shown in ("Bearer wrong", f"Basic {token}", "Bearer"):
            assert (await web.get("/api/picture", headers={"authorization": shown})).status_code == 401
        bearer = {"authorization": f"Bearer {token}", "host": "radar.example"}
        assert (await web.get("/api/picture", headers=bearer)).status_code == 200
        assert (await web.get(f"/api/picture?token={token}")).status_code == 401
        login = await web.get(f"/?token={token}")
        assert (login.status_code, login.headers["location"]) == (303, "/")
        cookie = login.headers["set-cookie"].lower()
        assert "httponly" in cookie and "samesite=strict" in cookie
        assert (await web.get("/api/picture")).status_code == 200
        assert (await web.post("/api/commands", json=GOOD)).status_code == 200
