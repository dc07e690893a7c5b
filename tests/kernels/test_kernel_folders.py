"""Where compiled kernels are kept, for which sources, and when the folders of old ones go."""

import os
import shutil
import stat
import sys

import pytest

from btfnet.kernels import cache_folders as cache


@pytest.mark.parametrize("path", sorted(cache.HERE.rglob("*.py")), ids=lambda path: path.name)
def test_a_change_of_any_file_in_any_wing_changes_the_digest(path, tmp_path):
    """Otherwise machine code of the old file would be loaded."""
    copied = tmp_path / "kernels"
    shutil.copytree(cache.HERE, copied, ignore=shutil.ignore_patterns("__pycache__"))
    assert cache.sources_digest(copied) == cache.SOURCES
    with open(copied / path.relative_to(cache.HERE), "a") as file:
        file.write("\n")
    assert cache.sources_digest(copied) != cache.SOURCES


def test_a_file_that_moves_to_another_wing_changes_the_digest(tmp_path):
    (tmp_path / "wing").mkdir()
    (tmp_path / "a.py").write_text("A = 1\n")
    before = cache.sources_digest(tmp_path)
    (tmp_path / "a.py").rename(tmp_path / "wing" / "a.py")
    assert cache.sources_digest(tmp_path) != before


def folder_of_kernels(parent, name, *, days, others=()):
    """A folder that was used so many days ago."""
    folder = parent / name
    folder.mkdir(parents=True)
    for file in ("a-1.kernel", "b-2.done", *others):
        (folder / file).write_bytes(b"")
    used = cache.time.time() - days * 24 * 3600
    os.utime(folder, (used, used))
    return folder


def test_what_other_sources_left_goes_when_nobody_has_used_it_for_long(tmp_path):
    old = folder_of_kernels(tmp_path, "btfnet-0123456789ab", days=100)
    recent = folder_of_kernels(tmp_path, "btfnet-ba9876543210", days=10)
    strange = folder_of_kernels(tmp_path, "btfnet-plans", days=100)
    loaded = folder_of_kernels(tmp_path, "kernels-0123456789ab", days=100)
    more = folder_of_kernels(tmp_path, "btfnet-aaaaaaaaaaaa", days=100, others=("notes.txt",))
    link = tmp_path / "btfnet-bbbbbbbbbbbb"
    link.symlink_to(strange)
    cache.note_use(loaded)
    cache.remove_unused(tmp_path / f"btfnet-{cache.SOURCES}")
    assert not old.exists()
    assert [len(list(folder.iterdir())) for folder in (recent, strange, loaded, link)] == [2, 2, 2, 2]
    assert [path.name for path in more.iterdir()] == ["notes.txt"], "what is not the cache's own stays"


def test_nothing_stops_cleaning_or_is_stopped_by_it(tmp_path, monkeypatch):
    """Another process may remove the same folder, or it may be somebody else's."""
    folder_of_kernels(tmp_path, "btfnet-0123456789ab", days=100)

    def refuse(path, *_):
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(cache.Path, "unlink", refuse)
    cache.remove_unused(tmp_path / f"btfnet-{cache.SOURCES}")
    cache.note_use(tmp_path / "gone")


def test_the_folder_is_the_named_one_or_the_packages_and_the_users(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    package, *users = cache.folders()
    assert package.parent == cache.HERE / "__pycache__"
    if sys.platform.startswith("linux"):
        assert [path.parent for path in users] == [tmp_path / "xdg" / "btfnet"]
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "not" / "there"))
    assert [path.parent for path in cache.folders()] == [tmp_path / "not" / "there"]
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))
    assert list(cache.folders())[1:] == [package, *users], "a file is no folder"


@pytest.fixture
def homeless(monkeypatch, tmp_path):
    """A user without a home, and where temporary folders of this test are."""
    monkeypatch.setattr(cache.os.path, "expanduser", lambda path: path)
    for name in ("XDG_CACHE_HOME", "LOCALAPPDATA", "NUMBA_CACHE_DIR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(cache.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path / f"btfnet-{os.getuid()}"


def test_without_a_home_there_is_no_folder_of_the_users(homeless):
    assert len(list(cache.folders())) == 1
    assert not homeless.exists()


def test_without_a_home_and_with_a_package_that_is_locked_kernels_are_kept_in_a_private_folder(
    homeless, monkeypatch
):
    monkeypatch.setattr(cache, "can_be_written", lambda folder: False)
    assert list(cache.folders())[1:] == [homeless / f"kernels-{cache.SOURCES}"]
    assert stat.S_IMODE(homeless.stat().st_mode) == 0o700


@pytest.mark.parametrize("made", ["open to others", "a link", "a file", "somebody else's"])
def test_a_temporary_folder_that_others_may_have_filled_is_not_taken(homeless, monkeypatch, made):
    monkeypatch.setattr(cache, "can_be_written", lambda folder: False)
    if made == "a link":
        (homeless.parent / "elsewhere").mkdir(mode=0o700)
        homeless.symlink_to(homeless.parent / "elsewhere")
    elif made == "a file":
        homeless.write_text("")
    else:
        homeless.mkdir(mode=0o700)
    if made == "open to others":
        homeless.chmod(0o770)
    if made == "somebody else's":
        owner = os.getuid()
        found = os.stat_result([stat.S_IFDIR | 0o700, 0, 0, 1, owner + 1, *range(5)])
        monkeypatch.setattr(cache.Path, "lstat", lambda path: found)
    assert len(list(cache.folders())) == 1
