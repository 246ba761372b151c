"""The Teams app's package: up to date, by Microsoft's published schema, with icons as Teams wants them."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from house_tree import ROOT
from jsonschema import Draft4Validator
from PIL import Image
from typer.testing import CliRunner

import bot.handlers
from bot.__main__ import cli
from bot.commands import Problem, teams_manifest
from bot.commands.teams_manifest import OFFERED
from bot.conversation import discover
from bot.platforms.teams.permissions import PERMISSIONS

URL, APP = "https://rapport.example.com", "00000000-0000-0000-0000-000000000000"
SCHEMA = ROOT / "tests" / "vendored" / "teams-manifest-1.25.schema.json"


@pytest.fixture
def package(tmp_path: Path) -> dict[str, bytes]:
    out = tmp_path / "rapport.zip"
    done = CliRunner().invoke(cli, ["manifest", "teams", "--url", URL, "--app-id", APP, "--out", str(out)])
    assert done.exit_code == 0, done.output
    with zipfile.ZipFile(out) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture
def manifest(package: dict[str, bytes]) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(package["manifest.json"])
    return loaded


def test_the_committed_files_are_what_the_command_makes(package: dict[str, bytes]) -> None:
    assert {name: (ROOT / "manifests" / "teams" / name).read_bytes() for name in package} == package


def test_it_is_valid_by_microsofts_schema(manifest: dict[str, Any]) -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))
    assert [error.message for error in Draft4Validator(schema).iter_errors(manifest)] == []
    broken = manifest | {"name": {"short": "R" * 31}}
    assert [error.message for error in Draft4Validator(schema).iter_errors(broken)] != []


def test_the_icons_are_as_teams_wants_them(package: dict[str, bytes], tmp_path: Path) -> None:
    for name, size in (("color.png", (192, 192)), ("outline.png", (32, 32))):
        (tmp_path / name).write_bytes(package[name])
        with Image.open(tmp_path / name) as icon:
            assert (icon.format, icon.size) == ("PNG", size)
    with Image.open(tmp_path / "outline.png") as outline:
        seen = [pixel for pixel in outline.convert("RGBA").get_flattened_data() if pixel[3]]
        assert {pixel[:3] for pixel in seen} == {(255, 255, 255)}, "the outline is white on nothing"
        assert len(seen) < 32 * 32


def test_every_word_it_offers_is_answered(manifest: dict[str, Any]) -> None:
    registry = discover(bot.handlers)
    assert [phrase for phrase in OFFERED if phrase not in registry.words] == []
    [offered] = manifest["bots"][0]["commandLists"]
    assert all(registry.typed(command["title"]) for command in offered["commands"])
    assert len(offered["commands"]) <= 10


def test_it_asks_for_nothing_beyond_its_own_chat(manifest: dict[str, Any]) -> None:
    assert manifest["bots"][0]["scopes"] == ["personal"]
    assert manifest["permissions"] == ["identity"]
    [bot] = manifest["bots"]
    assert {*manifest["permissions"], *bot["scopes"], *(key for key, value in bot.items() if value is True)} == (
        PERMISSIONS.keys() - {"Microsoft Graph"}
    ), "people read of each thing that it asks for"
    assert "webApplicationInfo" not in manifest, "nor does it ask Microsoft Graph for anything"
    assert "authorization" not in manifest
    assert manifest["validDomains"] == ["rapport.example.com"]


@pytest.mark.parametrize(
    ("url", "app_id", "words"),
    [
        ("http://rapport.example.com", APP, "Give --url https://YOUR-HOST"),
        ("rapport.example.com", APP, "Give --url https://YOUR-HOST"),
        (URL, "", "Give --app-id, or RAPPORT_TEAMS_APP_ID"),
        (URL, "my app", "Give --app-id, or RAPPORT_TEAMS_APP_ID"),
    ],
)
def test_what_is_missing_is_named_and_nothing_is_written(url: str, app_id: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(Problem, match=words):
        teams_manifest(url, app_id, tmp_path / "rapport.zip")
    assert list(tmp_path.iterdir()) == []
