"""What the package says of itself agrees, and its archives are whole and the same when they are built again."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path

import pytest

import btfnet
from btfnet.deprecation import GONE, deprecated

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
RECIPE = (ROOT / "scripts/packaging/conda/recipe.yaml").read_text(encoding="utf-8")
CITATION = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
CHANGELOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def numbers(version):
    return tuple(map(int, version.split(".")[:2]))


def test_the_version_stands_in_one_place_and_what_must_repeat_it_agrees():
    assert PROJECT["dynamic"] == ["version"]
    assert re.search(r"^version: (.*)$", CITATION, re.M)[1] == btfnet.__version__
    assert re.search(r'^  version: "(.*)"$', RECIPE, re.M)[1] == btfnet.__version__
    assert re.search(r"^## ([\d.]+)", CHANGELOG, re.M)[1] == btfnet.__version__


def test_the_changelog_has_its_versions_once_and_the_newest_first():
    versions = [numbers(each) for each in re.findall(r"^## ([\d.]+)", CHANGELOG, re.M)]
    assert versions == sorted(set(versions), reverse=True)
    assert len(versions) > 1


def test_the_conda_recipe_needs_what_the_package_needs():
    run = re.search(r"^  run:\n((?:    - .*\n)+)", RECIPE, re.M)[1]
    needs = {line.removeprefix("    - ").replace(" ", "").replace("_", "-") for line in run.splitlines()}
    assert needs == {
        f"python{PROJECT['requires-python']}", *(each.replace(" ", "") for each in PROJECT["dependencies"])
    }  # fmt: skip


def test_classifiers_name_the_pythons_that_the_package_takes():
    named = re.findall(r"Python :: (3\.\d+)", " ".join(PROJECT["classifiers"]))
    assert f">={named[0]}" == PROJECT["requires-python"]
    assert [numbers(each) for each in named] == [(3, minor) for minor in range(11, 11 + len(named))]
    assert "Typing :: Typed" in PROJECT["classifiers"]


def test_the_citation_file_is_valid():
    pytest.importorskip("cffconvert", reason="pip install cffconvert")
    words = [sys.executable, "-m", "cffconvert.cli.cli", "--validate", "-i", str(ROOT / "CITATION.cff")]
    code = "from cffconvert.cli.cli import cli; cli()"
    done = subprocess.run([words[0], "-c", code, *words[3:]], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_old_ways_go_when_they_were_said_to_go():
    assert numbers(btfnet.__version__) < numbers(GONE), (
        "remove what calls deprecated(), then name the next one"
    )


def test_a_deprecation_says_what_is_new_and_when_the_old_way_goes_where_it_is_used():
    def old():
        deprecated("old()", "new()", gone="9.9")

    with pytest.warns(
        DeprecationWarning, match=r"^old\(\) is now new\(\)\. The old way works until btfnet 9\.9\.$"
    ) as told:
        old()
    assert told[0].filename == __file__


def test_all_old_ways_warn_by_the_one_function():
    texts = {path: path.read_text(encoding="utf-8") for path in (ROOT / "btfnet").rglob("*.py")}
    using = {path.name for path, text in texts.items() if "DeprecationWarning" in text}
    assert using == {"deprecation.py"}


@pytest.mark.skipif(not (ROOT / ".git").exists(), reason="needs the repository")
@pytest.mark.skipif(not (find_spec("build") and find_spec("hatchling")), reason="pip install build hatchling")
def test_two_builds_are_the_same_and_nothing_is_missing(tmp_path):
    done = subprocess.run(
        [sys.executable, ROOT / "scripts/checks/wheel.py", "--keep", tmp_path],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Two builds are the same, and nothing is missing." in done.stdout
    wheel = f"btfnet-{btfnet.__version__}-py3-none-any.whl"
    assert {path.name for path in tmp_path.iterdir()} == {wheel, f"btfnet-{btfnet.__version__}.tar.gz"}
