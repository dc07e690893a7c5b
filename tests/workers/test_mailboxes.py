"""What searches and their workers say to each other, and what is heard when it is said badly or not at all."""

import errno
import json
import os

import pytest

from btfnet.workers import mailbox
from btfnet.workers.folder import ORDERS, FolderMailbox
from btfnet.workers.mailbox import Listener, News, Orders, Speaker, as_values, news_of, orders_of


@pytest.fixture
def box(tmp_path):
    return FolderMailbox(tmp_path / "workers", 2)


def test_orders_news_and_states_arrive(box):
    post = box.address.open(7)
    assert post.orders() is None
    box.send(Orders(1, {7: "STOPPED"}))
    assert post.orders() == Orders(1, {7: "STOPPED"})
    news = News(7, True, [20, 1.5, float("inf")], 3.0)
    post.tell(news)
    assert list(box.news()) == [news]
    assert list(box.news()) == []
    assert box.state(7) is None
    assert post.save(b"state")
    assert box.state(7) == post.saved() == b"state"
    box.forget(7)
    assert box.state(7) is None
    box.close(answered=True)
    assert not box.folder.exists()


def test_workers_of_a_killed_search_do_not_reach_the_next_one_in_its_folder(tmp_path):
    post = FolderMailbox(tmp_path / "workers", 2).address.open(0)
    box = FolderMailbox(tmp_path / "workers", 2)
    Speaker(box).end({})
    assert post.orders() is None
    assert not post.save(b"of another search")
    post.tell(News(0, True, None, 0.0))
    assert box.state(0) is None
    assert list(box.news()) == []
    assert list((tmp_path / "workers").iterdir()) == [box.folder]


def test_files_of_others_where_a_box_is_made_stay(tmp_path):
    (tmp_path / "workers").mkdir()
    (tmp_path / "workers" / "notes.txt").touch()
    FolderMailbox(tmp_path / "workers", 2).close(answered=True)
    assert [path.name for path in (tmp_path / "workers").iterdir()] == ["notes.txt"]
    FolderMailbox(tmp_path / "others", 2).close(answered=True)
    assert not (tmp_path / "others").exists()


def test_a_box_of_tasks_that_have_not_answered_keeps_its_last_orders(box):
    speaker = Speaker(box)
    speaker.end({})
    speaker.close(answered=False)
    assert Listener(box.address.open(3), 3).ending() == "INTERRUPTED"


def test_a_task_ends_when_it_is_told_or_hears_nothing_for_long(box, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(mailbox.time, "monotonic", lambda: now[0])
    speaker, listener = Speaker(box), Listener(box.address.open(1), 1)
    speaker.end({})
    assert listener.ending() is None
    now[0] += mailbox.PATIENCE_SECONDS - 1
    speaker.end({})
    assert listener.ending() is None  # a sign of life came
    now[0] += mailbox.PATIENCE_SECONDS - 1
    assert listener.ending() is None
    now[0] += 2
    assert listener.ending() == "INTERRUPTED"
    speaker.end({1: "TIME_LIMIT", 2: "STOPPED"})
    assert listener.ending() == "TIME_LIMIT"


def test_a_folder_that_vanishes_is_waited_for(box, tmp_path):
    post, speaker = box.address.open(1), Speaker(box)
    speaker.end({})
    away = tmp_path / "away"
    box.folder.rename(away)
    listener = Listener(post, 1)
    assert listener.ending() is None
    post.tell(News(1, False, None, 0.0))
    assert not box.folder.exists()
    assert not post.save(b"state")
    speaker.end({1: "STOPPED"})  # cannot be said
    away.rename(box.folder)
    assert listener.ending() is None
    speaker._last -= mailbox.PULSE_SECONDS + 1
    speaker.end({1: "STOPPED"})
    assert listener.ending() == "STOPPED"


def test_a_full_disk_loses_only_what_cannot_be_saved(box, monkeypatch):
    post, speaker = box.address.open(1), Speaker(box)
    assert post.save(b"first")

    def full(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert not post.save(b"second")
        post.tell(News(1, True, None, 0.0))
        speaker.end({1: "STOPPED"})
    assert (box.state(1), list(box.news())) == (b"first", [])
    assert post.save(b"third")
    assert box.state(1) == b"third"


@pytest.mark.parametrize(
    "text", ["", "{", "[]", "{}", '{"pulse": 1}', '{"pulse": 1, "ending": 3, "closed": false}', "\x00\xff"]
)
def test_orders_that_are_none_are_not_heard(box, text):
    post = box.address.open(1)
    (box.folder / ORDERS).write_text(text)
    assert post.orders() is None


def test_news_that_are_none_are_not_heard(box):
    (box.folder / "news-1.json").write_text("[1, 2")
    (box.folder / "news-2.json").write_text("[1, 2]")
    (box.folder / "news-x.json").write_text("[1, true, null, 1.0]")
    assert list(box.news()) == []


def test_values_survive_json():
    orders = Orders(3, {1: "STOPPED"}, closed=True)
    assert orders_of(json.loads(json.dumps(as_values(orders)))) == orders
    news = News(1, False, None, 2.0)
    assert news_of(json.loads(json.dumps(news))) == news
