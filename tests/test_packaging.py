import ast
import importlib.metadata
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parent.parent
LONGEST_CHECKER = 1800
LONGEST_RULES = 1300
"""Lines of the checker before it reads files."""

PACKAGES = ("agent", "tools", "memory", "ui")
LOCKS = ("requirements.txt", "requirements-dev.txt")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def pins(lock: str) -> dict[str, Version]:
    found = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        name, separator, version = line.partition("==")
        assert separator, f"{lock}: {line!r} is not name==version"
        found[canonicalize_name(name)] = Version(version)
    return found


def python(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, timeout=120, check=False
    )


@pytest.mark.parametrize("name", [*LOCKS, "requirements.in", "requirements-dev.in"])
def test_requirement_files_name_no_registry(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert not re.search(r"://|index|find-links|--hash|@ ", text)


def test_the_two_locks_agree() -> None:
    runtime, development = (pins(lock) for lock in LOCKS)
    assert runtime.items() <= development.items()


@pytest.mark.parametrize("source", ["requirements.in", "requirements-dev.in"])
def test_locks_satisfy_what_was_asked_for(source: str) -> None:
    locked = pins(source.replace(".in", ".txt"))
    for line in (ROOT / source).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "-r")):
            requirement = Requirement(line)
            assert requirement.specifier.contains(locked[canonicalize_name(requirement.name)]), line


@pytest.mark.parametrize("line", PROJECT["project"]["dependencies"])
def test_dependency_ranges_admit_the_pins(line: str) -> None:
    requirement = Requirement(line)
    assert requirement.specifier.contains(pins("requirements.txt")[canonicalize_name(requirement.name)])


def test_every_import_is_a_declared_dependency() -> None:
    declared = {canonicalize_name(Requirement(line).name) for line in PROJECT["project"]["dependencies"]}
    for extra in PROJECT["project"].get("optional-dependencies", {}).values():
        declared |= {canonicalize_name(Requirement(line).name) for line in extra}
    providers = importlib.metadata.packages_distributions()
    for path in [*ROOT.glob("*.py"), *(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                modules = [node.module or ""]
            else:
                modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            for module in {name.partition(".")[0] for name in modules}:
                if module in sys.stdlib_module_names or module in (*PACKAGES, "quasikarp", "quasikarp_verify"):
                    continue
                offered = {canonicalize_name(name) for name in providers.get(module, [module])}
                assert offered & declared, f"{path.relative_to(ROOT)} imports {module}, which pyproject does not list"


def test_importing_the_door_loads_nothing_heavy_and_finds_every_name() -> None:
    code = (
        "import sys; before = set(sys.modules); import quasikarp; loaded = set(sys.modules) - before; "
        "assert not loaded & {'agent', 'tools', 'memory', 'ui', 'numpy'}, loaded; "
        "assert set(quasikarp.__all__) <= set(dir(quasikarp)); "
        "[getattr(quasikarp, name) for name in quasikarp.__all__]"
    )
    result = python(code, ROOT)
    assert result.returncode == 0, result.stderr


def test_the_door_says_which_names_it_lacks() -> None:
    import quasikarp

    with pytest.raises(AttributeError, match="no attribute 'sovle'"):
        quasikarp.sovle  # noqa: B018


def test_the_version_is_the_package_version() -> None:
    import quasikarp

    assert quasikarp.__version__ == PROJECT["project"]["version"]


@pytest.mark.parametrize("package", PACKAGES)
@pytest.mark.parametrize("layout", ["module", "package"])
def test_a_strangers_package_is_refused_by_its_path_and_not_executed(package: str, layout: str, tmp_path: Path) -> None:
    stranger = tmp_path / (f"{package}.py" if layout == "module" else f"{package}/__init__.py")
    stranger.parent.mkdir(exist_ok=True)
    stranger.write_text("raise SystemExit('executed')\n", encoding="utf-8")
    result = python("import quasikarp", tmp_path)
    assert "ImportError" in result.stderr
    assert str(stranger) in result.stderr
    assert "Rename or move" in result.stderr
    assert "executed" not in result.stderr


def test_a_strangers_package_that_is_already_loaded_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tools.py").write_text("", encoding="utf-8")
    result = python("import sys, tools; sys.path.remove(''); import quasikarp", tmp_path)
    assert "ImportError" in result.stderr
    assert str(tmp_path / "tools.py") in result.stderr


def test_a_folder_without_code_is_no_stranger(tmp_path: Path) -> None:
    (tmp_path / "tools").mkdir()
    result = python("import quasikarp, tools; print(tools.OWNER)", tmp_path)
    assert result.stdout == "quasikarp\n", result.stderr


@pytest.mark.slow
def test_the_wheel_holds_the_product_and_nothing_else(tmp_path: Path) -> None:
    source = tmp_path / "source"
    for item in ("pyproject.toml", "README.md", "LICENSE", *PROJECT["tool"]["setuptools"]["py-modules"], *PACKAGES):
        if (ROOT / item).is_dir():
            files = [path for path in (ROOT / item).rglob("*") if path.is_file() and "__pycache__" not in path.parts]
        else:
            files = [ROOT / (item if "." in item else f"{item}.py")]
        if item == "LICENSE":
            files = [ROOT / item]
        for file in files:
            target = source / file.relative_to(ROOT)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_bytes())
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(source)]
    result = subprocess.run(build, capture_output=True, text=True, timeout=300, check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    (wheel,) = tmp_path.glob("*.whl")
    held = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    expected = {path.relative_to(source).as_posix() for package in PACKAGES for path in (source / package).rglob("*")}
    expected = {name for name in expected if (source / name).is_file()}
    assert held == expected | {f"{name}.py" for name in PROJECT["tool"]["setuptools"]["py-modules"]}


def test_the_checker_stands_alone_and_is_short() -> None:
    """Whoever distrusts us reads one file, which runs wherever Python does."""
    text = (ROOT / "quasikarp_verify.py").read_text(encoding="utf-8")
    assert len(text.splitlines()) <= LONGEST_CHECKER
    rules, _, reading = text.partition(" Part 4: reading files\n")
    assert len(rules.splitlines()) <= LONGEST_RULES
    assert "def read_model" in reading
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0
            modules = [node.module or ""]
        else:
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        for module in modules:
            assert module.partition(".")[0] in sys.stdlib_module_names, f"quasikarp_verify.py imports {module}"
        name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
        assert name not in ("eval", "exec", "compile", "__import__"), f"quasikarp_verify.py calls {name}"


def test_the_checker_runs_alone(tmp_path: Path) -> None:
    (tmp_path / "checker.py").write_bytes((ROOT / "quasikarp_verify.py").read_bytes())
    (tmp_path / "proof.json").write_text('{"schema": "quasikarp/certificate/1"}', encoding="utf-8")
    command = [sys.executable, "-I", "-S", "checker.py", "proof.json"]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (result.returncode, result.stderr) == (1, "")
    assert result.stdout.startswith("INVALID")


def test_every_module_of_the_root_is_installed() -> None:
    assert sorted(path.stem for path in ROOT.glob("*.py")) == sorted(PROJECT["tool"]["setuptools"]["py-modules"])


@pytest.mark.parametrize(
    ("module", "statement"),
    [
        ("tools", "import memory"),
        ("memory", "import agent"),
        ("agent", "import ui"),
        ("tools", "import langgraph"),
        ("ui", "import langchain_openai"),
        ("agent", "import chromadb"),
        ("agent", "import rich"),
        ("tools", "import quasikarp"),
    ],
)
def test_the_import_contracts_notice(module: str, statement: str, tmp_path: Path) -> None:
    config = re.search(r"^\[tool\.importlinter\]$.*?(?=^\[tool\.(?!importlinter)|\Z)", _pyproject(), re.M | re.S)
    assert config
    (tmp_path / "pyproject.toml").write_text(config[0], encoding="utf-8")
    for package in PACKAGES:
        (tmp_path / package).mkdir()
        (tmp_path / package / "__init__.py").write_text("", encoding="utf-8")
    lint = "from importlinter.cli import lint_imports; raise SystemExit(lint_imports(no_cache=True))"
    assert python(lint, tmp_path).returncode == 0
    (tmp_path / module / "__init__.py").write_text(f"{statement}\n", encoding="utf-8")
    result = python(lint, tmp_path)
    assert result.returncode == 1
    assert "BROKEN" in result.stdout


def _pyproject() -> str:
    return (ROOT / "pyproject.toml").read_text(encoding="utf-8")
