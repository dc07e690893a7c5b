"""Compiled kernels kept on disk: one checked file for each, in the first place that can be read, or written to.

Unlike Numba's own cache this one never stops a program: what cannot be read, is cut short or was made by something
else is compiled again and written anew; where nothing can be written, the program goes on without, and one
`BtfnetWarning` says so. A file's name says all that its code depends on (sources, Python, Numba, LLVM, processor,
argument types), so that no version ever reads another's; its digest is checked before anything in it is used.
Files appear whole, so that processes may share a folder.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import pickle
import sys
import uuid
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

import llvmlite
import numba
from numba import config
from numba.core import registry
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.serialize import dumps

from btfnet.errors import BtfnetWarning
from btfnet.kernels.cache_folders import HERE, folders, note_use, remove_unused

MARK = b"btfnet kernel 1\n"
DIGEST_BYTES = 32
used = set[str]()
"""Names of the files that this process has loaded or written."""
told = set[str]()
"""Warnings that this process has given."""


def writable_folder() -> Path | None:
    """The first folder that a file can be written to, made where it is missing."""
    for folder in folders():
        with suppress(OSError):
            _write(folder / f"try-{uuid.uuid4().hex}", b"").unlink()
            return folder
    return None


def _write(path: Path, *parts: bytes) -> Path:
    """Write a file that appears whole or not at all. Raises OSError.

    Unlike `btfnet.files.atomic` it does not wait for the disk: what a crash leaves behind is seen by its digest.
    """
    if not path.parent.is_dir():
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_unused(path.parent)
    draft = path.with_name(f"{path.name}.{uuid.uuid4().hex[:12]}.tmp")
    try:
        with open(draft, "xb") as file:
            for part in parts:
                file.write(part)
        os.replace(draft, path)
    except BaseException:  # KeyboardInterrupt too: a draft would stay for ever
        with suppress(OSError):
            draft.unlink()
        raise
    return path


def _tell(text: str) -> None:
    """Once a process, not once a kernel."""
    if text not in told:
        told.add(text)
        warnings.warn(text, BtfnetWarning, stacklevel=2)


def _source(function: Any) -> str:
    """What a kernel elsewhere than below this folder depends on besides: its own file."""
    path = Path(function.__code__.co_filename)
    if HERE in path.parents:
        return ""
    with suppress(OSError):
        return hashlib.sha256(path.read_bytes()).hexdigest()
    return hashlib.sha256(marshal.dumps(function.__code__)).hexdigest()  # typed in, or in an archive


def machine_code(codegen: Any) -> tuple[Any, ...]:
    """What all compiled code depends on besides its source: Python, Numba, LLVM, processor, environment."""
    return (
        codegen.magic_tuple(), sys.implementation.cache_tag, sys.version, numba.__version__, llvmlite.__version__,
        str(config.OPT), config.LOOP_VECTORIZE, config.SLP_VECTORIZE, config.BOUNDSCHECK,
        config.DEBUGINFO_DEFAULT, config.ENABLE_AVX, config.THREADING_LAYER,
    )  # fmt: skip


def _note_of(task: str) -> str:
    codegen = registry.cpu_target.target_context.codegen()
    return f"{task}-{hashlib.sha256(repr(machine_code(codegen)).encode()).hexdigest()[:24]}.done"


def note_done(task: str) -> None:
    """Note that all kernels of a task are there now: those used so far."""
    folder = writable_folder()
    if folder is not None:
        with suppress(OSError):
            _write(folder / _note_of(task), "\n".join(sorted(used)).encode())


def is_done(task: str) -> bool:
    """Whether all kernels of a task were compiled for this machine, and still are where they were put."""
    for folder in folders():
        with suppress(OSError, ValueError):
            names = (folder / _note_of(task)).read_text(encoding="ascii").split()
            return all(any((each / name).is_file() for each in folders()) for name in names)
    return False


def tell_nothing_is_kept() -> None:
    """The line for a machine on which no folder can be written to."""
    tried = "; ".join(str(folder) for folder in folders())
    _tell(
        f"Compiled kernels cannot be kept (no folder can be written to: {tried}): every run compiles them again. "
        "Name a folder that can be written to in NUMBA_CACHE_DIR."
    )


class KernelCache(_Cache):
    """What a dispatcher asks for compiled code and gives what it compiled.

    name     the kernel's, for people who look into the folder
    options  what it is compiled with, besides what the environment says
    """

    def __init__(self, function: Any, options: dict[str, Any]) -> None:
        self._name = f"{function.__module__.removeprefix('btfnet.kernels.')}.{function.__qualname__}"
        self._made_of = (
            self._name,
            function.__code__.co_firstlineno,
            _source(function),
            sorted(options.items()),
        )

    @property
    def cache_path(self) -> str:
        return str(next(folders()))

    def load_overload(self, sig: Any, target_context: Any) -> CompileResult | None:
        """The kernel for these argument types, or None: not there, not readable, not whole, or not usable."""
        target_context.refresh()
        name = self._file_name(sig, target_context.codegen())
        damaged = None
        for folder in folders():
            try:
                content = (folder / name).read_bytes()
            except OSError:
                continue
            try:
                compiled = CompileResult._rebuild(target_context, *pickle.loads(_checked(name, content)))
            except Exception:
                damaged = damaged or folder
                continue
            used.add(name)
            note_use(folder)
            return compiled
        if damaged:
            _tell(f"{damaged}: compiled kernels there are damaged; they are compiled again.")
        return None

    def save_overload(self, sig: Any, data: Any) -> None:
        """Keep a compiled kernel in the first folder that takes it."""
        try:
            name = self._file_name(sig, data.codegen)
            payload = dumps(data._reduce())
        except Exception as error:  # Numba's own; the kernel itself is fine
            _tell(f"Compiled kernels cannot be kept ({type(error).__name__}: {error}).")
            return
        failures = []
        for folder in folders():
            try:
                _write(folder / name, _seal(name, payload), payload)
            except OSError as error:
                failures.append(f"{folder}: {error.strerror or error}")
                continue
            used.add(name)
            if failures and os.environ.get("NUMBA_CACHE_DIR"):
                _tell(
                    f"Compiled kernels cannot be kept where NUMBA_CACHE_DIR says ({failures[0]}); "
                    f"they are kept in {folder}."
                )
            return
        _tell(
            f"Compiled kernels cannot be kept ({'; '.join(failures)}): every run compiles them again. "
            "Name a folder that can be written to in NUMBA_CACHE_DIR."
        )

    def _file_name(self, sig: Any, codegen: Any) -> str:
        depends = (*self._made_of, str(sig), *machine_code(codegen))
        return f"{self._name}-{hashlib.sha256(repr(depends).encode()).hexdigest()[:24]}.kernel"

    def enable(self) -> None:
        pass

    def disable(self) -> None:
        pass

    def flush(self) -> None:
        """Nothing here is ever out of date."""


def _seal(name: str, payload: bytes) -> bytes:
    """What stands before a kernel: it holds for this content under this name alone."""
    return MARK + hashlib.sha256(name.encode() + payload).digest()


def _checked(name: str, content: bytes) -> bytes:
    """What was kept under this name, if it is all there. Raises ValueError."""
    payload = content[len(MARK) + DIGEST_BYTES :]
    if not content.startswith(_seal(name, payload)):
        raise ValueError("not a whole kernel")
    return payload
