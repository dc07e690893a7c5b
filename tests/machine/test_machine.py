"""What a process may use: the least of all limits counts, wherever it is written."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from btfnet import machine

GIB = 1 << 30


def system(folder, *, available=8 * GIB, cgroup="", status=""):
    """A made-up /proc, and an empty /sys/fs/cgroup."""
    proc, cgroups = folder / "proc", folder / "cgroup"
    (proc / "self").mkdir(parents=True)
    cgroups.mkdir()
    (proc / "meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable: {available // 1024} kB\n")
    (proc / "self" / "cgroup").write_text(cgroup)
    (proc / "self" / "status").write_text(status)
    return proc, cgroups


def group(folder, names, *, limit, usage, stat):
    folder.mkdir(parents=True, exist_ok=True)
    for name, value in zip(names, (limit, usage, stat), strict=True):
        (folder / name).write_text(f"{value}\n")


V1 = ("memory.limit_in_bytes", "memory.usage_in_bytes", "memory.stat")
V2 = ("memory.max", "memory.current", "memory.stat")


def test_without_limits_the_systems_free_memory_counts(tmp_path):
    assert machine.available_bytes(*system(tmp_path)) == 8 * GIB


@pytest.mark.parametrize("mounted", ["", "unified"])
@pytest.mark.parametrize("limited", ["", "a", "a/b"])
def test_a_limit_of_version_2_counts_wherever_it_stands_above_us(tmp_path, mounted, limited):
    proc, cgroups = system(tmp_path, cgroup="0::/a/b\n")
    group(cgroups / mounted / "a" / "b", V2, limit="max", usage=3 * GIB, stat="inactive_file 0")
    group(
        cgroups / mounted / limited,
        V2,
        limit=4 * GIB,
        usage=3 * GIB,
        stat=f"anon 1\ninactive_file {GIB // 2}",
    )
    assert machine.available_bytes(proc, cgroups) == GIB + GIB // 2


def test_a_limit_of_version_1_counts_and_its_huge_number_means_none(tmp_path):
    proc, cgroups = system(tmp_path, cgroup="5:cpu,cpuacct:/x\n4:memory:/x\n")
    group(cgroups / "memory", V1, limit=9223372036854771712, usage=0, stat="")
    group(cgroups / "memory" / "x", V1, limit=2 * GIB, usage=GIB, stat=f"total_inactive_file {GIB // 4}")
    assert machine.available_bytes(proc, cgroups) == GIB + GIB // 4


def test_a_container_that_sees_its_own_group_as_the_root_is_limited_by_it(tmp_path):
    proc, cgroups = system(tmp_path, cgroup="4:memory:/docker/0123\n")
    group(cgroups / "memory", V1, limit=GIB, usage=GIB // 4, stat="")
    assert machine.available_bytes(proc, cgroups) == 3 * GIB // 4


def test_a_group_above_its_limit_leaves_nothing(tmp_path):
    proc, cgroups = system(tmp_path, cgroup="0::/\n")
    group(cgroups, V2, limit=GIB, usage=2 * GIB, stat="")
    assert machine.available_bytes(proc, cgroups) == 0


def test_where_nothing_can_be_read_all_memory_counts_or_nothing_is_known(tmp_path, monkeypatch):
    assert machine.available_bytes(tmp_path, tmp_path) == os.sysconf("SC_PHYS_PAGES") * os.sysconf(
        "SC_PAGE_SIZE"
    )
    monkeypatch.delattr(os, "sysconf")
    assert machine.available_bytes(tmp_path, tmp_path) is None


@pytest.mark.parametrize("kind", ["-v", "-d"])
def test_ulimit_counts(kind):
    code = "from btfnet import machine; print(machine.available_bytes())"
    script = f"ulimit {kind} 1000000 && exec {sys.executable} -c '{code}'"
    free = int(subprocess.run(["bash", "-c", script], check=True, capture_output=True, text=True).stdout)
    assert 0 < free < 1000000 * 1024


def test_cores_are_known_where_the_system_has_no_affinity(monkeypatch):
    assert machine.cores() == len(os.sched_getaffinity(0))
    monkeypatch.delattr(os, "sched_getaffinity")
    assert machine.cores() == os.cpu_count()


@pytest.mark.parametrize("kilobytes", [150000, 400000, 500000])
def test_too_little_address_space_is_told_before_libraries_hang_in_it(kilobytes):
    """They ended in a traceback with 130, "a defect", or never, whatever signal came."""
    script = f"ulimit -v {kilobytes} && exec {sys.executable} -m btfnet solve multiplier-2x2"
    done = subprocess.run(["bash", "-c", script], check=False, capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert "of address space are allowed (ulimit -v)" in done.stderr
    assert "Traceback" not in done.stderr
