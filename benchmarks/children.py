"""Processes beside this one, as in life: each answers a line of JSON with a line of JSON, and ends with its parent."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO

ROOT = Path(__file__).parent.parent


class Child:
    def __init__(self, module: str, **given: Any) -> None:
        self._module = module
        command = [sys.executable, "-m", f"benchmarks.{module}"]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, cwd=ROOT, stdin=pipe, stdout=pipe, text=True)
        self._write(given)

    @cached_property
    def ready(self) -> Any:
        """Its first words; until they are asked for, several children can make ready side by side."""
        return self._read()

    def ask(self, **what: Any) -> Any:
        _ = self.ready
        self._write(what)
        return self._read()

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()

    def _write(self, what: Any) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(what) + "\n")
        self._process.stdin.flush()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._module} ended with {self._process.wait()}; its words stand above")
        return json.loads(line)


class Parent:
    """The other end. What the process prints goes to standard error, so that logs do not stand among the answers."""

    def __init__(self) -> None:
        self._answers: TextIO = os.fdopen(os.dup(1), "w")
        os.dup2(2, 1)
        self.given: dict[str, Any] = json.loads(sys.stdin.readline())

    def tell(self, answer: Any) -> None:
        self._answers.write(json.dumps(answer) + "\n")
        self._answers.flush()

    async def asks(self) -> AsyncIterator[dict[str, Any]]:
        while line := await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline):
            yield json.loads(line)
