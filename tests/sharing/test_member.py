"""The log, and a process that takes part, while the folder is away or full."""

from __future__ import annotations

import errno
import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from btfnet import DataError, OutputError, SharedFolder
from btfnet.checkpoint.file import Record
from btfnet.sharing import whole_files
from btfnet.sharing.log import Log
from btfnet.sharing.member import AWAY_SECONDS, Member
from btfnet.sharing.whole_files import names


def entry(number, n_bytes=8):
    return Record({"number": number}, {"array": np.full(n_bytes, number, dtype=np.int16)})


def numbers(entries):
    return [record.values["number"] for _, record in entries]


class Shared:
    """A folder with a member, its reports, and a clock."""

    def __init__(self, path):
        self.path, self.now, self.said = path, 0.0, []
        self.files = path / "shared"
        self.files.mkdir(parents=True)
        Log(self.files).begin(entry(0))
        self.member = self.join()

    def join(self):
        return Member(self.files, self.path / "STOP", 30.0, self.said.append, lambda: self.now)

    def look(self, member=None, seconds=2.0):
        self.now += seconds
        member = member or self.member
        member.pulse(dict)
        return numbers(member.look())


@pytest.fixture
def shared(tmp_path):
    return Shared(tmp_path / "folder")


def test_all_read_the_same_entries_in_the_same_order(tmp_path):
    logs = [Log(tmp_path) for _ in range(8)]

    def write(log_number):
        for count in range(25):
            logs[log_number].append(entry(100 * log_number + count))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    read = [numbers(log.new(names(tmp_path))) for log in logs]
    assert all(each == read[0] for each in read)
    assert sorted(read[0]) == [100 * log + count for log in range(8) for count in range(25)]


def test_one_of_two_first_entries_is_the_first(tmp_path):
    one, other = Log(tmp_path), Log(tmp_path)
    assert one.begin(entry(1))
    assert not other.begin(entry(2))
    assert other.first().values["number"] == 1


def test_folder_that_vanishes_for_a_while_loses_nothing(shared):
    shared.look()
    other = shared.join()
    assert shared.look(other) == [0]
    assert other.claim("trial-3")
    away = shared.path.with_name("away")
    os.rename(shared.path, away)
    shared.member.append(entry(1))
    assert not shared.member.claim("trial-4")
    assert not shared.member.save("trial-4", entry(1))
    assert [shared.look() for _ in range(100)] == [[]] * 100
    assert sum("is not there" in text for text in shared.said) == 1
    os.rename(away, shared.path)
    assert shared.look() + shared.look() == [1]
    assert not shared.member.claim("trial-3"), "while nobody could be heard, nobody was lost"
    assert not shared.path.with_name("away").exists()
    assert not shared.member.waits


def test_nothing_is_written_where_another_folder_stands_in_its_place(shared):
    shared.look()
    os.rename(shared.path, shared.path.with_name("away"))
    (shared.path / "shared").mkdir(parents=True)
    shared.look()
    shared.member.append(entry(1))
    assert not shared.member.claim("trial-0")
    assert [name for name in os.listdir(shared.files) if not name.startswith("job-")] == []
    assert shared.member.waits


def test_folder_that_stays_away_is_not_waited_for_without_end(shared):
    shared.look()
    os.rename(shared.path, shared.path.with_name("away"))
    shared.look(seconds=AWAY_SECONDS - 10)
    assert not shared.member.stopped
    shared.look(seconds=20)
    assert shared.member.stopped


def test_full_disk_is_told_once_and_what_waits_is_written_when_there_is_room(shared, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(whole_files, "_written", full)
        shared.member.append(entry(1))
        assert not shared.member.claim("trial-0")
        assert not shared.member.save("trial-0", entry(2))
        for _ in range(16):
            assert 1 not in shared.look()
        assert numbers((0, record) for record in shared.member.overdue()) == [1]
    assert len(shared.said) == 1
    assert "No space left" in shared.said[0]
    assert shared.look() + shared.look() == [1]
    assert not shared.member.overdue()


def test_state_that_was_cut_short_is_left_out_and_told(shared):
    assert shared.member.saved("trial-0") is None
    assert shared.member.save("trial-0", entry(5))
    assert shared.member.saved("trial-0").values["number"] == 5
    path = shared.files / "state-trial-0.safetensors"
    path.write_bytes(path.read_bytes()[:-3])
    assert shared.member.saved("trial-0") is None
    assert "damaged or cut short" in shared.said[-1]


def test_member_that_leaves_gives_its_claims_back_and_is_gone(shared):
    shared.look()
    assert shared.member.claim("trial-0")
    shared.member.leave()
    other = shared.join()
    shared.look(other)
    assert other.claim("trial-0")


def test_stop_file_is_seen(shared):
    shared.look()
    assert not shared.member.stopped
    (shared.path / "STOP").touch()
    shared.look()
    assert shared.member.stopped


def test_folder_with_a_stop_file_is_refused_and_says_what_to_do(tmp_path):
    (tmp_path / "STOP").touch()
    with pytest.raises(DataError, match=r"STOP: this file ends .* Remove it"):
        SharedFolder(tmp_path)


def test_file_system_without_hard_links_is_refused(tmp_path, monkeypatch):
    def link(*_):
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", link)
    with pytest.raises(OutputError, match="hard links"):
        SharedFolder(tmp_path / "folder")
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="cannot be shared"):
        SharedFolder(tmp_path / "file")


def test_one_process_alone_does_what_is_to_be_done_once(tmp_path):
    done = []

    def do(_):
        with SharedFolder(tmp_path / "s").alone("result", lambda: bool(done), lambda: True) as mine:
            if mine:
                done.append(1)
        return mine

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(do, range(6))) == 1
    assert done == [1]


def test_discarded_folder_holds_no_search_and_files_of_others_stay(shared):
    (shared.files / "mine.txt").touch()
    (SharedFolder(shared.path).folder / "workers").mkdir(parents=True)  # of a process that was killed
    assert SharedFolder.begun_in(shared.path)
    SharedFolder(shared.path).discard()
    assert not SharedFolder.begun_in(shared.path)
    assert os.listdir(shared.files) == ["mine.txt"]


def test_an_entry_that_is_missing_is_not_waited_for_without_end(shared):
    """As where somebody has removed a damaged one, but not those after it."""
    for number in (1, 2):
        shared.member.append(entry(number))
    os.remove(shared.files / "entry-00000001.safetensors")
    assert shared.look() == [0]
    assert shared.look(seconds=29) == []
    with pytest.raises(DataError, match=r"entry-00000001.*is missing.*Remove those, too"):
        shared.look()
    os.remove(shared.files / "entry-00000002.safetensors")
    other = shared.join()
    assert shared.look(other) == [0]
    other.append(entry(3))
    assert shared.look(other, seconds=100) == [3]
