"""Importing a module starts nothing, connects to nothing and reads no environment."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from house_tree import ROOT, is_migration, modules

# In a process of its own: the libraries first, then ours one by one with everything outside of them poisoned.
LOOK = """
import importlib, json, logging, os, socket, subprocess, sys, threading
from collections import defaultdict
libraries, ours = json.loads(sys.stdin.read())
for name in libraries:
    importlib.import_module(name)
did = defaultdict(list)
now = [""]
read = type(os.environ).__getitem__
here = os.path.join(os.getcwd(), "bot") + os.sep

def reading(self, key):
    frame = sys._getframe(1)
    while frame.f_code.co_filename in (os.__file__, "<frozen os>", "<frozen _collections_abc>"):
        frame = frame.f_back
    # What a library asks for itself is its own affair.
    if frame.f_code.co_filename.startswith(here):
        did[now[0]].append(f"read {key} of the environment")
    return read(self, key)

acts = {"socket.connect", "socket.bind", "socket.getaddrinfo", "sqlite3.connect", "subprocess.Popen", "os.fork",
        "signal.signal", "os.mkdir", "os.remove"}

def watch(event, args):
    if event in acts:
        did[now[0]].append(event)
    if event == "open" and set(str(args[1])) & set("wax+") and "__pycache__" not in str(args[0]):
        did[now[0]].append(f"opened {args[0]} to write")

type(os.environ).__getitem__ = reading
sys.addaudithook(watch)
threads, handlers = threading.active_count(), list(logging.getLogger().handlers)
for now[0] in ours:
    importlib.import_module(now[0])
    if threading.active_count() != threads:
        did[now[0]].append("started a thread")
    if logging.getLogger().handlers != handlers:
        did[now[0]].append("changed the log")
print(json.dumps(did))
"""


def looked_at(ours: list[str], libraries: list[str], folder: Path = ROOT) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        input=json.dumps([libraries, ours]),
        capture_output=True,
        text=True,
        cwd=folder,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return json.loads(done.stdout)


def test_importing_every_module_does_nothing_else() -> None:
    # Alembic's entry and the revisions run only inside a migration.
    every = [m.name for m in modules("bot") if not is_migration(m) and m.name != "bot.storage.migrations.env"]
    libraries = {name for m in modules("bot") for name in m.imports if name.split(".")[0] not in ("bot", "desk")}
    assert looked_at(every, sorted(libraries)) == {}


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("import os; os.environ.get('RAPPORT_PORT')", "read RAPPORT_PORT of the environment"),
        ("import os; os.getenv('RAPPORT_PORT')", "read RAPPORT_PORT of the environment"),
        ("import socket; socket.socket().bind(('127.0.0.1', 0))", "socket.bind"),
        (
            "import threading; threading.Thread(target=__import__('time').sleep, args=(0.2,)).start()",
            "started a thread",
        ),
        ("import sqlite3; sqlite3.connect(':memory:')", "sqlite3.connect"),
        ("open('here', 'w').close()", "opened here to write"),
        ("import logging; logging.basicConfig()", "changed the log"),
    ],
)
def test_the_look_would_see_it(line: str, what: str, tmp_path: Path) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text(line, "utf-8")
    assert what in looked_at(["bot"], [], tmp_path)["bot"]
