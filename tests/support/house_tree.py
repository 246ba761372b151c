"""The product's source read as syntax trees, for the contracts: nothing is imported to look at it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent


@dataclass(frozen=True)
class Module:
    name: str
    path: Path

    @cached_property
    def text(self) -> str:
        return self.path.read_text("utf-8")

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.text)

    @property
    def package(self) -> str:
        return self.name if self.path.name == "__init__.py" else self.name.rpartition(".")[0]

    @property
    def where(self) -> str:
        return self.path.relative_to(ROOT).as_posix()

    @property
    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        return (node for node in ast.walk(self.tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))

    @cached_property
    def imports(self) -> frozenset[str]:
        """Every module this one names, inside functions too; `from a import b` is a.b where that is a module."""
        return self._named(ast.walk(self.tree))

    @cached_property
    def runtime_imports(self) -> frozenset[str]:
        """Without what only the type checker reads."""
        return self._named(_running(self.tree))

    def _named(self, nodes: Iterable[ast.AST]) -> frozenset[str]:
        found = set()
        for node in nodes:
            if isinstance(node, ast.Import):
                found |= {alias.name for alias in node.names}
            elif isinstance(node, ast.ImportFrom):
                base = self._absolute(node)
                found |= {f"{base}.{a.name}" if f"{base}.{a.name}" in names() else base for a in node.names}
        return frozenset(found)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        start = self.package.split(".")
        return ".".join([*start[: len(start) - node.level + 1], *filter(None, [node.module])])


@cache
def names() -> frozenset[str]:
    return frozenset(_name(path) for package in ("bot", "desk") for path in (ROOT / package).rglob("*.py"))


@cache
def modules(package: str) -> tuple[Module, ...]:
    return tuple(Module(_name(path), path) for path in sorted((ROOT / package).rglob("*.py")))


def _running(node: ast.AST) -> Iterator[ast.AST]:
    yield node
    for child in ast.iter_child_nodes(node):
        if not (isinstance(child, ast.If) and isinstance(child.test, ast.Name) and child.test.id == "TYPE_CHECKING"):
            yield from _running(child)


def is_migration(module: Module) -> bool:
    return module.name.startswith("bot.storage.migrations.versions")


def _name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
