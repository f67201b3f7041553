"""The layers: who may import whom, in the sources and in a fresh interpreter."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCES = sorted((ROOT / "discotui").rglob("*.py"))

FORBIDDEN = {
    "library": ("discotui.discogs", "discotui.sync", "discotui.ui", "discotui.demo", "textual", "httpx", "pydantic"),
    "discogs": ("discotui.library", "discotui.sync", "discotui.ui", "discotui.demo", "textual"),
    "sync": ("discotui.ui", "discotui.demo", "textual"),
    "demo": ("discotui.ui", "discotui.library", "discotui.sync", "discotui.discogs", "textual"),
}


def loaded_by(code: str) -> set[str]:
    """The modules that a fresh interpreter has after running some code."""
    script = f"import sys\n{code}\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return set(done.stderr.splitlines())


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("discotui.library.library", {"textual", "httpx", "pydantic"}),
        ("discotui.discogs.client", {"textual", "sqlite3", "discotui.library"}),
        ("discotui.sync.engine", {"textual"}),
        ("discotui.demo.server", {"textual", "httpx", "sqlite3"}),
        ("discotui.ui.app", {"httpx", "pydantic"}),
        ("discotui.cli", {"textual", "httpx", "pydantic", "sqlite3"}),
    ],
)
def test_importing_a_layer_brings_nothing_that_it_may_not_know(module: str, unwanted: set[str]) -> None:
    loaded = loaded_by(f"import {module}")
    assert module in loaded
    assert loaded & unwanted == set()


def test_the_first_frame_waits_for_nothing_that_it_does_not_show() -> None:
    loaded = loaded_by("import discotui.ui.app, discotui.ui.screens.opening")
    unwanted = {"discotui.library.library", "discotui.library.arranging", "discotui.sync.engine", "discotui.ui.wording"}
    assert loaded & (unwanted | {"discotui.ui.screens.main", "discotui.ui.screens.welcome"}) == set()


@pytest.mark.parametrize("option", ["--version", "--help"])
def test_asking_for_version_or_help_brings_no_screen(option: str) -> None:
    loaded = loaded_by(f"from discotui.cli import main\ntry:\n    main(['{option}'])\nexcept SystemExit:\n    pass")
    assert "discotui.cli" in loaded
    assert loaded & {"textual", "httpx", "pydantic", "sqlite3"} == set()


def imported(path: Path) -> Iterator[str]:
    """Every module that a source file imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_within(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("layer", FORBIDDEN)
def test_the_sources_of_a_layer_import_only_what_stands_below_it(layer: str) -> None:
    files = sorted((ROOT / "discotui" / layer).rglob("*.py"))
    assert files
    wrong = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in files
        for name in imported(path)
        if any(is_within(name, package) for package in FORBIDDEN[layer])
    ]
    assert wrong == []


STORE = tuple(
    f"discotui/library/{name}.py" for name in ("store", "kept_steps", "opening", "last_seen", "migrations", "salvage")
)


@pytest.mark.parametrize(("package", "place"), [("httpx", ("discotui/discogs/",)), ("sqlite3", STORE)])
def test_one_place_alone_talks_to_the_outside(package: str, place: tuple[str, ...]) -> None:
    users = {
        path.relative_to(ROOT).as_posix() for path in SOURCES if any(is_within(n, package) for n in imported(path))
    }
    assert users
    assert all(user.startswith(place) for user in users)
