"""From a built-in name or the path of a problem file to a `Task`."""

from __future__ import annotations

from pathlib import Path

from btfnet.arguments import PATH, Wanted, a, need, on_command_line, similar
from btfnet.errors import BtfnetError, ContradictionError, FormatError, UsageError
from btfnet.files.shipped import SUFFIX, problem_folder, problem_names
from btfnet.formats.by_suffix import about_file, read_items
from btfnet.formats.toml.problem import Expected, ProblemFile, read_problem_file
from btfnet.problem.items import Items
from btfnet.problem.network import Network
from btfnet.problem.problem import Problem
from btfnet.problem.sharing import described
from btfnet.problem.values import OutputKind
from btfnet.tasks.families import FAMILIES, Family, find_family
from btfnet.tasks.generator import Generator, MissingPackage
from btfnet.tasks.registry import PROBLEMS, check_seed, generate
from btfnet.tasks.task import Task

NAME = Wanted("the name of a built-in problem, or the path of a problem file", PATH.fits)


def load(name_or_path: str | Path, seed: int | None = None) -> Task:
    """A built-in problem by name, or a problem file by path, with its items.

    seed   makes other items than the problem's own seed; the items of a data file stay as they are

    Raises `UsageError` for an unknown name, `DataError` for a file that is malformed or does not fit.
    """
    problem_file = find(name_or_path)
    if seed is not None:
        check_seed(seed)
    if problem_file.path is None:
        return _task(problem_file, seed)
    try:
        return _task(problem_file, seed)
    except MissingPackage:
        raise
    except BtfnetError as error:
        if isinstance(error, FormatError) and error.path == problem_file.path:
            raise
        raise FormatError(problem_file.path, problem_file.line, str(error)) from error


def find(name_or_path: str | Path) -> ProblemFile:
    """The same without making the items."""
    need("load", name_or_path=(name_or_path, NAME))
    text = str(name_or_path)
    if isinstance(name_or_path, Path) or text.endswith(SUFFIX) or "/" in text or "\\" in text:
        return _read(Path(name_or_path))
    if text in names():
        return read_problem_file(problem_folder() / f"{text}{SUFFIX}")
    member = find_family(text) or _of_plugin(text)
    if member is not None:
        return member
    if Path(text).is_file():
        return _read(Path(text))
    raise UsageError(
        f'there is no built-in problem "{text}"{similar(text, [*names(), *PROBLEMS])}\n'
        f"List them with: btfnet problems. Other sizes: {', '.join(families())}. "
        f"A problem file must end in {SUFFIX}."
    )


def files(name_or_path: str | Path) -> tuple[Path, ...]:
    """The files that `load` reads: the problem file, and the items where they stand in a file of their own."""
    problem_file = find(name_or_path)
    return tuple(path for path in (problem_file.path, problem_file.file) if path is not None)


def names() -> list[str]:
    """The built-in problems that have a file of their own; `families` tells which other sizes there are."""
    return problem_names()


def families() -> dict[str, str]:
    """Forms of names that stand for problems of any size, with a summary each; those of plugins last."""
    return {family.form: family.general_summary for family in (*FAMILIES, *_families_of_plugins())}


def summaries() -> dict[str, str]:
    """One line on every built-in problem with a file of its own, without making its items."""
    return {name: find(name).summary for name in names()}


def summaries_of_plugins() -> dict[str, str]:
    """The same for the problems and generators of plugins; a file that cannot be read says why."""
    return {name: _summary(name) for name, thing in PROBLEMS.items() if not isinstance(thing, Family)}


def origin(name: str) -> str:
    """The package from which a problem, a generator or the form of a family comes; "" for btfnet's own."""
    need("origin", name=(name, a(str)))
    return PROBLEMS.origin(name)


def _summary(name: str) -> str:
    try:
        return find(name).summary
    except BtfnetError as error:
        return f"cannot be read: {error}"


def _families_of_plugins() -> list[Family]:
    return [thing for thing in PROBLEMS.values() if isinstance(thing, Family)]


def _of_plugin(name: str) -> ProblemFile | None:
    """The problem of that name in a plugin; of a generator, with its parameters' defaults and a free network."""
    thing = PROBLEMS.get(name)
    if isinstance(thing, Generator):
        return ProblemFile(name=name, network=None, generator=name, summary=thing.summary)
    if isinstance(thing, Path):
        problem_file = read_problem_file(thing)
        if problem_file.name != name:
            raise FormatError(
                thing, None, f'the name is "{problem_file.name}", but its package calls it "{name}".'
            )
        return problem_file
    members = (family.problem(name) for family in _families_of_plugins())
    return next((problem for problem in members if problem is not None), None)


def describe(name_or_path: str | Path) -> str:
    """What a problem is, in a few lines."""
    task = load(name_or_path)
    problem, network = task.problem, task.problem.network
    of_bits, of_words = (f"{share:.1%}" for share in problem.constant_accuracy)
    of_class = problem.output_kind is OutputKind.CLASS
    right = f"{of_bits} of classes" if of_class else f"{of_bits} of bits and {of_words} of words"
    lines = {
        "data": f"{task.data}; inputs {_words(problem.input_kind)}, outputs {_words(problem.output_kind)}",
        "items": f"{problem.n_train} train, {problem.n_test} test",
        "network": _shape(network),
        "constant": f"the best constant guess gets {right} right",
        "settings": _settings(task),
        "expected": _expected(task.expected),
        "source": task.source,
    }
    body = "\n".join(f"  {key:<9} {text}" for key, text in lines.items() if text)
    return f"{task.name}: {task.summary}\n{body}"


def _words(kind: str) -> str:
    return kind.replace("_", " ")


def _shape(network: Network) -> str:
    """The widths of a layered network, else the number of inputs and outputs; and how large it is."""
    if network.grows:
        return f"{network.n_inputs} inputs, {network.n_outputs} outputs, free: as many nodes as it takes"
    if network.shared is not None:
        ends = f"{network.n_inputs} inputs, {network.n_outputs} outputs"
        return f"{ends}; {described(network.shared)}: {network.n_btf} threshold nodes"
    if network.widths is not None:
        shape = "-".join(map(str, network.widths))
    else:
        shape = f"{network.n_inputs} inputs, {network.n_outputs} outputs, depth {network.depth}"
    return f"{shape}; {network.n_btf} threshold nodes, {network.n_edges} edges"


def _settings(task: Task) -> str:
    if task.settings is None:
        return "tuned"
    return ", ".join(f"{name} {value}" for name, value in task.settings.as_dict().items())


def _expected(expected: Expected) -> str:
    facts = [
        "" if expected.exact is None else "exact" if expected.exact else "not exact",
        "" if expected.iterations is None else f"after about {expected.iterations} iterations",
        "" if expected.test_bits is None else f"{expected.test_bits:.2%} of unseen bits",
        "" if expected.test_words is None else f"{expected.test_words:.2%} of unseen words",
    ]
    text = ", ".join(filter(None, facts))
    return "; ".join(filter(None, [text, expected.note]))


def _read(path: Path) -> ProblemFile:
    if path.suffix != SUFFIX and path.is_file():
        raise UsageError(
            f"{path}: a problem file ends in {SUFFIX}. "
            + (
                "A data file goes with --data; a table of numbers and words is for btfnet learn."
                if on_command_line()
                else "Of a data file: btfnet.Problem(name, network, btfnet.formats.read_items(path, n_inputs=…))."
            )
        )
    return read_problem_file(path)


def _task(problem_file: ProblemFile, seed: int | None) -> Task:
    if problem_file.file is not None:
        items, data = (
            read_items(problem_file.file, n_inputs=problem_file.n_inputs, layout=problem_file.layout),
            f"file {problem_file.file.name}",
        )
    else:
        seed = problem_file.seed if seed is None else seed
        items = generate(problem_file.generator or "", problem_file.parameters, seed)
        called = ", ".join(f"{name} = {value}" for name, value in problem_file.parameters.items())
        data = f"{problem_file.generator}({called}), seed {seed}"
    n_train = problem_file.n_train
    if problem_file.path is not None and n_train is not None and n_train > items.n_items:
        raise FormatError(
            problem_file.path,
            problem_file.line,
            f"items of [train] is {n_train}, but there are {items.n_items} items; say fewer, or none.",
        )
    try:
        network = _network(problem_file, items)
        problem = Problem(problem_file.name, network, items, problem_file.n_train)
    except ContradictionError as error:
        if problem_file.file is None:
            raise
        raise about_file(error, problem_file.file, problem_file.name, problem_file.layout) from error
    return Task(
        problem, problem_file.settings, problem_file.summary, problem_file.source, data, problem_file.expected
    )


def _network(problem_file: ProblemFile, items: Items) -> Network:
    """That of the file; where it has none, a free one, which grows."""
    if problem_file.network is not None:
        return problem_file.network
    if items.n_inputs is None:
        raise FormatError(
            problem_file.path or problem_file.name,
            problem_file.line,
            "the items do not say how many inputs are to be found; add [network] with widths, inputs first.",
        )
    return Network.free(items.n_inputs, items.n_outputs)
