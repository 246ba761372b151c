"""Sizes that tell when a room is too full, and types everywhere."""

from __future__ import annotations

import ast

import pytest
from house_tree import Module, is_migration, modules

MODULE, HANDLER, FUNCTION = 250, 200, 40
ALL = tuple(module for package in ("bot", "desk") for module in modules(package) if not is_migration(module))


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (node.end_lineno or node.lineno) - node.lineno + 1


def unannotated(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    every = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    every += [one for one in (node.args.vararg, node.args.kwarg) if one]
    missing = [one.arg for one in every if one.annotation is None and one.arg not in ("self", "cls")]
    return missing + (["return"] if node.returns is None else [])


def test_no_module_is_too_long() -> None:
    def most(module: Module) -> int:
        return HANDLER if module.name.startswith("bot.handlers") else MODULE

    lines = {module: len(module.text.splitlines()) for module in ALL}
    assert {module.where: count for module, count in lines.items() if count > most(module)} == {}


def test_no_function_is_too_long() -> None:
    long = {f"{m.where}:{f.lineno} {f.name}": length(f) for m in ALL for f in m.functions if length(f) > FUNCTION}
    assert long == {}


@pytest.mark.parametrize("package", ["bot", "desk"])
def test_every_function_is_typed(package: str) -> None:
    bare = {f"{m.where}:{f.lineno} {f.name}": unannotated(f) for m in modules(package) for f in m.functions}
    assert {where: names for where, names in bare.items() if names} == {}
