"""Dockerfile and compose.yaml agree with the settings, the lock and the program. No image is built here."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import world as worlds
import yaml
from house_tree import ROOT

from bot.settings import Settings, load

DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: Any = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES = COMPOSE["services"]
VARIABLES = {f"RAPPORT_{name.upper()}" for name in Settings.model_fields}


def instructions(name: str) -> list[str]:
    return re.findall(rf"^{name} (.+)$", DOCKERFILE, re.MULTILINE)


def copied() -> list[str]:
    """What the image takes from this folder."""
    return [one.split()[0] for one in instructions("COPY") if not one.startswith("--from")]


def in_exec_form(instruction: str) -> list[str]:
    listed = json.loads(instruction[instruction.index("[") :])
    return [sys.executable if word == "python" else str(word) for word in listed]


def test_it_has_two_stages_on_a_python_that_the_program_takes() -> None:
    images = [one.split()[0] for one in instructions("FROM")]
    assert len(images) == 2
    assert len(set(images)) == 1, "libraries are moved from one to the other"
    minor = int(re.fullmatch(r"python:3\.(\d+)-slim", images[0])[1])  # type: ignore[index]
    lowest, beyond = re.findall(
        r"3\.(\d+)", tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["requires-python"]
    )
    assert int(lowest) <= minor < int(beyond)


def test_every_library_comes_from_the_lock_by_its_hash() -> None:
    installs = re.findall(r"pip install ([^\n&]+)", DOCKERFILE)
    assert installs == ["--require-hashes --only-binary :all: -r requirements.lock"]


def test_only_the_program_goes_in_and_nothing_else_even_reaches_the_builder() -> None:
    assert sorted(copied()) == ["LICENSE", "bot", "requirements.lock"]
    let_in = [line for line in (ROOT / ".dockerignore").read_text("utf-8").splitlines() if line.startswith("!")]
    assert (ROOT / ".dockerignore").read_text("utf-8").startswith("*\n")
    assert sorted(line.removeprefix("!") for line in let_in) == sorted(copied())


def test_it_does_not_run_as_root_and_keeps_keys_for_itself() -> None:
    [user] = instructions("USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    owner, group = user.split(":")
    [made] = [one for one in instructions("RUN") if "install -d" in one]
    assert f"-m 700 -o {owner} -g {group}" in made
    for volume in SERVICES["bot"]["volumes"]:
        assert volume.partition(":")[2] in shlex.split(made), "a volume that the bot could not write to"


def test_every_setting_that_is_named_exists() -> None:
    named = set(re.findall(r"RAPPORT_[A-Z_]*[A-Z]", DOCKERFILE)) | set(SERVICES["bot"]["environment"])
    assert named - VARIABLES - {f"{name}_FILE" for name in VARIABLES} == set()
    # A variable goes before a file, so what may come in a file is not set by the image.
    assert set(re.findall(r"(RAPPORT_[A-Z_]+)=", DOCKERFILE)) == {"RAPPORT_HOST"}


def test_the_settings_of_the_compose_file_are_all_it_needs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(f"RAPPORT_{name.upper()}", raising=False)
    secrets = {
        "key-ring": worlds.RING, "slack-signing-secret": worlds.SECRET,
        "database-url": "postgresql://rapport:a@database/rapport",
    }  # fmt: skip
    for name, value in secrets.items():
        (tmp_path / name).write_text(f"{value}\n", "utf-8")
    for name, value in SERVICES["bot"]["environment"].items():
        monkeypatch.setenv(name, str(value).replace("/run/secrets", str(tmp_path)))
    loaded = load()
    assert loaded.database_url == secrets["database-url"]
    assert str(loaded.port) in "".join(instructions("EXPOSE"))
    assert SERVICES["bot"]["ports"] == [f"127.0.0.1:{loaded.port}:{loaded.port}"]


@pytest.mark.parametrize("service", SERVICES)
def test_secrets_come_as_files_that_are_declared_and_not_in_the_repository(service: str) -> None:
    for name, value in SERVICES[service]["environment"].items():
        if name.endswith("_FILE"):
            assert value.removeprefix("/run/secrets/") in SERVICES[service]["secrets"], name
        else:
            assert not re.search("PASSWORD|SECRET|KEY_RING|TOKEN", name), name
    for name in SERVICES[service]["secrets"]:
        assert COMPOSE["secrets"][name]["file"] == f"secrets/{name}"
    assert "secrets/" in (ROOT / ".gitignore").read_text("utf-8").splitlines()


@pytest.mark.parametrize("service", SERVICES)
def test_each_container_may_do_as_little_as_it_can(service: str) -> None:
    about = SERVICES[service]
    assert about["read_only"] is True
    assert about["cap_drop"] == ["ALL"]
    assert about["security_opt"] == ["no-new-privileges:true"]
    assert "privileged" not in about
    assert {one.partition(":")[0] for one in about["volumes"]} <= set(COMPOSE["volumes"])


def test_keys_and_data_lie_on_volumes_apart_and_the_database_is_not_reached_from_outside() -> None:
    bot, database = ({one.partition(":")[0] for one in SERVICES[name]["volumes"]} for name in ("bot", "database"))
    assert not bot & database
    assert "ports" not in SERVICES["database"]
    assert SERVICES["database"]["networks"] == ["inside"]
    assert COMPOSE["networks"]["inside"] == {"internal": True}


def test_what_the_image_starts_works_with_what_is_copied_into_it(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "bot", tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    [entry] = instructions("ENTRYPOINT")
    assert in_exec_form(instructions("CMD")[0]) == ["run"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}
    for arguments in (["run", "--help"], ["keys", "new"], ["manifest", "slack", "--socket"]):
        done = subprocess.run(
            [*in_exec_form(entry), *arguments], env=environment, cwd="/", capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
    assert not list(tmp_path.rglob("__pycache__")), "the file system of the image is read-only"


@pytest.mark.parametrize("database_kind", ["sqlite"])
async def test_its_health_is_asked_of_the_bot_itself(world: worlds.World, monkeypatch: pytest.MonkeyPatch) -> None:
    [instruction] = instructions("HEALTHCHECK")

    async def healthy() -> bool:
        asked = await asyncio.create_subprocess_exec(*in_exec_form(instruction), stderr=asyncio.subprocess.DEVNULL)
        return await asked.wait() == 0

    monkeypatch.setenv("RAPPORT_PORT", world.desk.delivery.sender.bot_url.rpartition(":")[2])
    assert await healthy()
    world.app.watch.stopping = True
    assert not await healthy()
    monkeypatch.setenv("RAPPORT_PORT", "1")
    assert not await healthy()
