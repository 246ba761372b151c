from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.settings import _SECRETS, Settings, SettingsError, load, new_key_line
from bot.storage.keys import KeyRing

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
RING = new_key_line()
LOOPBACK = {"slack_api": "http://127.0.0.1:9000/api/"}
TEAMS = {"teams_app_id": "0a1b-app", "teams_app_password": "the app's own secret", "teams_tenants": "home, other"}
OPEN = {**TEAMS, "teams_app_password": "", "teams_auth": "off"}


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RAPPORT_{name.upper()}", raising=False)
        monkeypatch.delenv(f"RAPPORT_{name.upper()}_FILE", raising=False)
    return monkeypatch


def given(**more: Any) -> Settings:
    return load(**{"key_ring": RING, "slack_signing_secret": SECRET, **more})


def problems(**more: Any) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as refused:
        given(**more)
    return refused.value.problems


def test_two_secrets_are_all_it_needs() -> None:
    settings = given()
    assert (settings.host, settings.port, settings.slack_api) == ("127.0.0.1", 3000, "https://slack.com/api/")
    assert (settings.send_rate, settings.tick_seconds, settings.lease_seconds) == (5.0, 5.0, 60.0)
    assert (settings.locale, settings.log_level, settings.clock_file) == ("en", "INFO", None)
    assert settings.signing_secrets == (SECRET,)


def test_what_is_missing_is_named_with_what_to_do() -> None:
    with pytest.raises(SettingsError) as refused:
        load()
    assert (
        refused.value.problems[0] == "RAPPORT_KEY_RING is missing: run 'rapport keys new' and keep its output secret."
    )
    assert refused.value.problems[1].startswith("RAPPORT_SLACK_SIGNING_SECRET is missing: copy the Signing Secret")
    assert str(refused.value).splitlines() == list(refused.value.problems)


def test_every_problem_is_told_at_once() -> None:
    told = problems(
        port="many",
        key_ring="a:AAAA",
        slack_signing_secret="short",
        database_url="mysql://x",
        log_level="loud",
        threads=0,
    )
    assert [line.split()[0].rstrip(",.") for line in told] == [
        "RAPPORT_PORT",
        "RAPPORT_DATABASE_URL",
        "RAPPORT_KEY_RING",
        "RAPPORT_SLACK_SIGNING_SECRET",
        "RAPPORT_LOG_LEVEL",
        "RAPPORT_THREADS",
    ]


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"port": 70000}, "RAPPORT_PORT cannot be used: give a port number"),
        ({"send_rate": -1}, "RAPPORT_SEND_RATE cannot be used"),
        ({"tick_seconds": 0}, "RAPPORT_TICK_SECONDS cannot be used"),
        ({"holidays": "XX"}, "RAPPORT_HOLIDAYS names no public holidays. Write it like DE-BY."),
        ({"holidays": "GB-BY"}, "RAPPORT_HOLIDAYS names no public holidays. In GB: ENG, NIR, SCT, WLS."),
        ({"locale": "English, please"}, "RAPPORT_LOCALE cannot be used"),
        ({"locale": "fr"}, "RAPPORT_LOCALE is a language that is not here: choose one of en, de. README says how"),
        ({"key_ring": "a:AAAA"}, "RAPPORT_KEY_RING, entry 1: the key has 3 bytes and needs 32."),
        ({"key_ring": " "}, "RAPPORT_KEY_RING is empty: run 'rapport keys new'"),
        ({"slack_signing_secret": "tooshort"}, "RAPPORT_SLACK_SIGNING_SECRET is too short"),
        ({"slack_signing_secret": f"{SECRET},tooshort"}, "RAPPORT_SLACK_SIGNING_SECRET is too short"),
        ({"slack_signing_secret": ","}, "RAPPORT_SLACK_SIGNING_SECRET holds 0 secrets"),
        ({"slack_signing_secret": ",".join([SECRET] * 3)}, "RAPPORT_SLACK_SIGNING_SECRET holds 3 secrets"),
        ({"slack_api": "slack.com"}, "RAPPORT_SLACK_API is not a web address."),
        ({"slack_api": "http://example.com/api/"}, "RAPPORT_SLACK_API must start with https"),
        ({"database_url": "data.db"}, "RAPPORT_DATABASE_URL cannot be used. The database address cannot be read"),
        ({"keys": "sqlite:///rapport.db"}, "RAPPORT_KEYS must not be the database itself"),
        ({"keys": "redis://x"}, "RAPPORT_KEYS cannot be used. Rapport keeps its data in SQLite or PostgreSQL"),
        (
            {**TEAMS, "teams_app_password": ""},
            "RAPPORT_TEAMS_APP_PASSWORD is missing: copy the value of a client secret",
        ),
        ({**TEAMS, "teams_tenants": " , "}, "RAPPORT_TEAMS_TENANTS is missing: write the ids of the tenants"),
        ({**TEAMS, "teams_tenants": "home/../x"}, "RAPPORT_TEAMS_TENANTS holds something that is no tenant's id"),
        ({**TEAMS, "teams_app_id": "an app"}, "RAPPORT_TEAMS_APP_ID is no id of an app"),
        ({**TEAMS, "teams_auth": "Off"}, "RAPPORT_TEAMS_AUTH cannot be used: leave it out"),
        ({"teams_login": "http://example.com/"}, "RAPPORT_TEAMS_LOGIN must start with https: the app's password"),
        ({"teams_openid": "http://example.com/keys"}, "RAPPORT_TEAMS_OPENID must start with https: what it says"),
        ({**OPEN, "host": "0.0.0.0"}, "RAPPORT_HOST must be on this machine, such as 127.0.0.1, while RAPPORT_TEAMS_A"),
        ({"clock_file": "moved/clock", **LOOPBACK, **TEAMS}, "RAPPORT_CLOCK_FILE moves the clock of a try-out"),
        ({"clock_file": "moved/clock"}, "RAPPORT_CLOCK_FILE moves the clock of a try-out"),
        ({"clock_file": "moved/clock", "host": "0.0.0.0", **LOOPBACK}, "RAPPORT_CLOCK_FILE moves the clock"),
    ],
)
def test_a_wrong_setting_is_named_in_plain_words(wrong: dict[str, object], words: str) -> None:
    (told,) = problems(**wrong)
    assert told.startswith(words)


def test_no_secret_is_repeated_in_a_problem_or_a_repr() -> None:
    told = "\n".join(
        problems(key_ring="a:HIDDEN1", slack_signing_secret="HIDDEN2", database_url="mysql://u:HIDDEN3@h/n")
    )
    assert "HIDDEN" not in told
    shown = repr(given(database_url="postgresql://u:HIDDEN@h/n", keys="postgresql://u:HIDDEN@h/k"))
    assert not any(secret in shown for secret in ("HIDDEN", SECRET, RING))


def test_a_short_secret_will_do_for_a_service_on_this_machine() -> None:
    assert given(slack_signing_secret="desk", **LOOPBACK).signing_secrets == ("desk",)


def test_a_moved_clock_is_for_this_machine_only() -> None:
    assert given(clock_file="moved/clock", **LOOPBACK).clock_file == Path("moved/clock")
    assert given(clock_file="moved/clock", host="localhost", slack_api="http://[::1]:9/").clock_file


def test_teams_is_off_without_an_app_id() -> None:
    settings = given()
    assert (settings.teams_app_id, settings.tenants, settings.teams_auth) == ("", (), "required")
    assert settings.teams_login == "https://login.microsoftonline.com/"
    assert not settings.teams_is_local


def test_teams_alone_will_do() -> None:
    settings = load(key_ring=RING, **TEAMS)
    assert (settings.tenants, settings.signing_secrets) == (("home", "other"), ())
    assert TEAMS["teams_app_password"] not in repr(settings)


def test_teams_without_authentication_is_for_this_machine_only() -> None:
    assert given(**OPEN).teams_is_local
    assert given(**TEAMS, teams_login="http://127.0.0.1:9/login").teams_is_local
    assert given(**TEAMS, teams_login="http://127.0.0.1:9/login").teams_login.endswith("/login/")
    assert given(clock_file="moved/clock", **OPEN, **LOOPBACK).clock_file


def test_two_signing_secrets_serve_during_a_rotation() -> None:
    assert given(slack_signing_secret=f"{SECRET}, {SECRET[::-1]}").signing_secrets == (SECRET, SECRET[::-1])


def test_an_app_level_token_will_do_instead_of_the_signing_secret() -> None:
    settings = load(key_ring=RING, slack_app_token="xapp-1-A0-1-c0ffee")
    assert (settings.slack_app_token, settings.signing_secrets) == ("xapp-1-A0-1-c0ffee", ())
    with pytest.raises(SettingsError) as refused:
        load(key_ring=RING, slack_app_token="xoxb-HIDDEN")
    assert refused.value.problems == ("RAPPORT_SLACK_APP_TOKEN is no app-level token: that begins with xapp-.",)


def test_the_api_address_ends_in_a_slash() -> None:
    assert given(slack_api="http://127.0.0.1:9000/api").slack_api == "http://127.0.0.1:9000/api/"


@pytest.mark.parametrize(("url", "threads"), [("sqlite:///a.db", 1), ("postgresql://u@h/n", 8)])
def test_threads_fit_the_database_unless_told(url: str, threads: int) -> None:
    assert given(database_url=url).threads == threads
    assert given(database_url=url, threads=3).threads == 3


class TestTheEnvironment:
    def test_is_read_under_its_prefix(self, bare_environment: pytest.MonkeyPatch) -> None:
        bare_environment.setenv("RAPPORT_KEY_RING", RING)
        bare_environment.setenv("RAPPORT_SLACK_SIGNING_SECRET", SECRET)
        bare_environment.setenv("RAPPORT_PORT", "4000")
        bare_environment.setenv("PORT", "5000")
        assert (load().key_ring, load().port) == (RING, 4000)

    def test_counts_an_empty_variable_as_missing(self, bare_environment: pytest.MonkeyPatch) -> None:
        bare_environment.setenv("RAPPORT_KEY_RING", "")
        with pytest.raises(SettingsError, match="RAPPORT_KEY_RING is missing"):
            load(slack_signing_secret=SECRET)

    @pytest.mark.parametrize("name", [*_SECRETS])
    def test_may_name_a_file_for_each_secret(
        self, bare_environment: pytest.MonkeyPatch, tmp_path: Path, name: str
    ) -> None:
        values = {"database_url": "sqlite:///x.db", "keys": "k", "key_ring": RING, "slack_signing_secret": SECRET}
        values |= {"slack_app_token": "xapp-desk", "teams_app_password": "the app's own secret"}
        (tmp_path / "secret").write_text(f"{values.pop(name)}\n")
        bare_environment.setenv(f"RAPPORT_{name.upper()}_FILE", str(tmp_path / "secret"))
        assert getattr(load(**values), name) == (tmp_path / "secret").read_text().strip()

    def test_names_a_file_that_cannot_be_read(self, bare_environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
        bare_environment.setenv("RAPPORT_KEY_RING_FILE", str(tmp_path / "none"))
        with pytest.raises(SettingsError, match=r"RAPPORT_KEY_RING is to be read from .*none, .*: No such file"):
            load(slack_signing_secret=SECRET)

    def test_a_file_of_bytes_is_told_without_its_bytes(
        self, bare_environment: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        (tmp_path / "ring").write_bytes(b"\xff\xfe")
        bare_environment.setenv("RAPPORT_KEY_RING_FILE", str(tmp_path / "ring"))
        with pytest.raises(SettingsError, match="not text"):
            load(slack_signing_secret=SECRET)


@pytest.mark.parametrize("locale", ["en", "en-GB", "de", "de_AT", "de-CH"])
def test_a_language_that_ships_is_taken_with_its_country(locale: str) -> None:
    assert given(locale=locale).locale == locale


def test_a_new_key_line_is_a_real_ring_and_never_the_same() -> None:
    assert new_key_line() != new_key_line()
    assert KeyRing.parse(new_key_line())
    assert KeyRing.parse(f"{new_key_line()},{RING}")


def test_settings_stay_as_they_are() -> None:
    with pytest.raises(ValueError, match="frozen"):
        given().port = 1


def test_even_the_librarys_own_error_shows_no_input() -> None:
    weak: dict[str, Any] = {"key_ring": RING, "slack_signing_secret": "HIDDEN", "database_url": "mysql://u:HIDDEN@h/n"}
    with pytest.raises(ValueError, match="too short") as refused:
        Settings(**weak)
    assert "HIDDEN" not in str(refused.value)
