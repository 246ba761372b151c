"""What the papers say is what is there; nothing in the repository belongs to one machine only."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import typer
from house_tree import ROOT

import bot.handlers
from bot.__main__ import cli
from bot.conversation import discover
from bot.platforms.slack.permissions import SCOPES
from bot.platforms.teams.permissions import PERMISSIONS
from bot.settings import Settings
from bot.storage.people import ROLES

README, CONTRIBUTING, DECISIONS = "README.md", "CONTRIBUTING.md", "DECISIONS.md"
# Put together here, so that this file does not hold what it looks for.
MACHINE = re.compile(rf"(?<![\w.~-])/(?:{'|'.join(('work', 'root', 'tmp'))})/[\w.-]")
REGISTRIES = tuple(
    ".".join(name) for name in (("pypi", "org"), ("pythonhosted", "org"), ("npmjs", "org"), ("npmjs", "com"))
)


@cache
def paper(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


@cache
def tracked() -> tuple[Path, ...]:
    """Files of the repository, those to be added included."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=False)
    if listed.returncode:
        pytest.skip("not a checkout: what belongs to the repository is not known here")
    paths = (ROOT / name.decode() for name in listed.stdout.split(b"\0") if name)
    return tuple(path for path in paths if path.is_file())


def text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        return ""


def commands(group: typer.Typer, *above: str) -> Iterator[str]:
    for command in group.registered_commands:
        assert command.callback is not None
        yield " ".join(("rapport", *above, command.name or command.callback.__name__))
    for inner in group.registered_groups:
        assert inner.typer_instance is not None
        yield from commands(inner.typer_instance, *above, str(inner.name))


def variables() -> set[str]:
    return {f"RAPPORT_{name.upper()}" for name in Settings.model_fields}


def test_every_setting_stands_in_the_readme_with_its_default() -> None:
    table = {line.split("`")[1]: line for line in paper(README).splitlines() if line.startswith("| `RAPPORT_")}
    assert set(table) == variables()
    for name, field in Settings.model_fields.items():
        if isinstance(field.default, str | int | float):
            shown = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
            assert (f"`{shown}`" if shown else "| none |") in table[f"RAPPORT_{name.upper()}"], name


def test_no_setting_is_named_that_does_not_exist() -> None:
    known = variables() | {f"{name}_FILE" for name in variables()} | {"RAPPORT_FAULT_ROUNDS", "RAPPORT_EVERY_PAIR"}
    for name in (README, CONTRIBUTING, DECISIONS):
        assert set(re.findall(r"RAPPORT_[A-Z_]*[A-Z]", paper(name))) - known == set(), name


def test_every_command_stands_in_the_readme_and_no_other() -> None:
    real = set(commands(cli))
    named = {" ".join(found.split()) for found in re.findall(r"`(rapport [a-z][^`\n]*)`", paper(README))}
    assert [command for command in sorted(real) if not any(one.startswith(command) for one in named)] == []
    assert [one for one in sorted(named) if not any(one.startswith(command) for command in real)] == []


def test_every_target_of_the_makefile_is_explained_and_no_other() -> None:
    targets = set(re.findall(r"^([a-z]+):", paper("Makefile"), re.MULTILINE))
    said = {name for page in (README, CONTRIBUTING) for name in re.findall(r"`make ([a-z]+)`", paper(page))}
    assert said == targets


def test_every_phrase_that_people_type_stands_in_the_readme() -> None:
    assert [phrase for phrase in discover(bot.handlers).words if f"`/{phrase}`" not in paper(README)] == []


def test_every_file_that_a_paper_names_is_there() -> None:
    for name in (README, CONTRIBUTING, DECISIONS):
        named = re.findall(r"`((?:bot|desk|tests|benchmarks|\.ci)/[\w./-]+)`", paper(name))
        # "thanks" is what the recipe adds, and Teams comes later.
        there = [one for one in named if "thanks" not in one and not one.endswith("/teams")]
        assert [one for one in there if not (ROOT / one).exists()] == [], name


def test_a_decision_is_short_and_says_how_to_check_it() -> None:
    decisions = paper(DECISIONS).split("\n## ")[1:]
    assert len(decisions) >= 10
    for decision in decisions:
        title, *lines = decision.rstrip().splitlines()
        assert len([line for line in lines if line.strip()]) <= 10, title
        assert "Check: " in decision, title


def test_changes_that_are_not_released_stand_on_top() -> None:
    first = next(line for line in paper("CHANGELOG.md").splitlines() if line.startswith("## "))
    assert first == "## Unreleased"


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_a_lock_has_hashes_and_no_addresses(lock: str) -> None:
    text = paper(lock)
    assert "://" not in text
    assert "--index-url" not in text
    pinned = re.findall(r"^([\w.-]+)==", text, re.MULTILINE)
    assert len(pinned) > 30
    assert len(re.findall(r"^[\w.-]+==[^\n]*\\\n    --hash=sha256:", text, re.MULTILINE)) == len(pinned)


def test_no_file_names_a_registry_or_a_place_on_one_machine() -> None:
    found = []
    for path in tracked():
        text = text_of(path)
        found += [f"{path.relative_to(ROOT)}: {match.group()}" for match in MACHINE.finditer(text)]
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
    assert found == []


def test_an_installed_rapport_has_all_its_files(tmp_path: Path) -> None:
    """What is no module, such as content and migrations, is easily left out of a wheel."""
    source, out = tmp_path / "source", tmp_path / "out"
    files = [path.relative_to(ROOT) for path in tracked()]
    wanted = [path for path in files if path.parts[0] == "bot" or len(path.parts) == 1]
    for path in wanted:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    build = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-deps",
        "--no-build-isolation",
        "-w",
        str(out),
        str(source),
    ]
    subprocess.run([*build, "--disable-pip-version-check"], check=True, capture_output=True)
    [wheel] = out.iterdir()
    held = set(zipfile.ZipFile(wheel).namelist())
    shipped = {path.as_posix() for path in wanted if path.parts[0] == "bot" and path.suffix != ".pot"}
    assert sorted(shipped - held) == []
    assert not [name for name in held if name.startswith(("tests", "desk", "benchmarks"))]


def test_every_role_is_named() -> None:
    assert [role for role in ROLES if f"`{role}`" not in paper(README)] == []


def test_every_secret_of_the_installation_is_for_its_owner_only() -> None:
    """The umask holds for the whole shell, so it comes before the first secret and not inside brackets."""
    steps = paper(README).split("## Install in Slack")[1].split("### In a container")[0]
    lines = [line.strip() for line in steps.splitlines()]
    written = [at for at, line in enumerate(lines) if "> secrets/" in line]
    assert len(written) == 6
    begins = [at for at, line in enumerate(lines) if line == "umask 077"]
    assert len(begins) == 2, "Teams may be installed alone"
    teams = lines.index("## Install in Teams")
    for chapter, begin in ((range(teams), begins[0]), (range(teams, len(lines)), begins[1])):
        assert begin < min(at for at in written if at in chapter)


def test_each_permission_is_explained_in_the_readme() -> None:
    slack, teams = paper(README).split("### What each permission of the Teams app is for")
    assert [name for name in SCOPES if f"| `{name}` |" not in slack] == []
    assert [name for name in PERMISSIONS if f"| `{name}`" not in teams and f"| {name} |" not in teams] == []
