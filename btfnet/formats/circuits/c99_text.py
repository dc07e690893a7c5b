"""Text in C: names and literals that are safe whatever users call things, and functions that compare text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from btfnet.errors import UsageError
from btfnet.formats.circuits.c99 import clean
from btfnet.formats.circuits.rule import Rule
from btfnet.matching.columns import name_shown
from btfnet.tables.cells import MISSING
from btfnet.tables.conditions import Test

LONGEST = 4095
"""Bytes of a string that every C99 compiler takes (C99, 5.2.4.1)."""
_RESERVED = """
alignas alignof and and_eq asm assert atomic auto bitand bitor bool break case catch char class compl
complex concept const consteval constexpr constinit const_cast continue co_await co_return co_yield
decltype default delete do double dynamic_cast else enum errno explicit export extern false far float for
friend fortran goto huge if imaginary inline int interface long mutable namespace near new noexcept
noreturn not not_eq nullptr operator or or_eq pascal private protected public register reinterpret_cast
requires restrict return short signed sizeof small static static_assert static_cast stderr stdin stdout
struct switch template this thread_local throw true try typedef typeid typename typeof union unsigned
using virtual void volatile wchar_t while xor xor_eq arm i386 linux mips sparc sun unix vax BUFSIZ DOMAIN
EOF FALSE HUGE HUGE_VAL I INFINITY NAN NULL OVERFLOW PLOSS RAND_MAX SING TLOSS TRUE UNDERFLOW
"""
RESERVED = frozenset(_RESERVED.split())
"""Keywords of C and C++, and macros of common headers and compilers: no names of members."""
_BLANKS = "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680" + "".join(map(chr, range(0x2000, 0x200B)))
BLANKS = _BLANKS + "\u2028\u2029\u202f\u205f\u3000"
"""What `str.strip` takes away."""

_STRIPPED = """\
/* How many bytes the blank has with which a text begins; 0: it begins with none. */
static size_t {name}_blank(const char *text)
{{
    static const char *const blanks[] = {{
{blanks}
    }};
    const unsigned char first = (unsigned char)*text;
    size_t k;
    if (first > 32 && first < 0xc2)
        return 0;
    for (k = 0; k < sizeof blanks / sizeof blanks[0]; k++)
        if (strncmp(text, blanks[k], strlen(blanks[k])) == 0)
            return strlen(blanks[k]);
    return 0;
}}

/* A text without the blanks around it, of *length bytes; NULL as it is, of none. */
static const char *{name}_stripped(const char *text, size_t *length)
{{
    const char *at, *end;
    size_t n;
    *length = 0;
    if (text == NULL)
        return text;
    while ((n = {name}_blank(text)) > 0)
        text += n;
    for (at = end = text; *at != 0;) {{
        n = {name}_blank(at);
        at += n > 0 ? n : 1;
        if (n == 0)
            end = at;
    }}
    *length = (size_t)(end - text);
    return text;
}}
"""
_SAYS = """\
/* Whether a text, in any case, is a wanted one, which is in lower case. */
static uint8_t {name}_says(const char *text, const char *wanted)
{{
    size_t k, length;
    text = {name}_stripped(text, &length);
    if (text == NULL || length != strlen(wanted))
        return 0;
    for (k = 0; k < length; k++) {{
        const int letter = text[k] >= 'A' && text[k] <= 'Z' ? text[k] - 'A' + 'a' : text[k];
        if (letter != wanted[k])
            return 0;
    }}
    return 1;
}}
"""
_IS = """\
/* Whether a text is a wanted one. */
static uint8_t {name}_is(const char *text, const char *wanted)
{{
    size_t length;
    text = {name}_stripped(text, &length);
    return text != NULL && length == strlen(wanted) && memcmp(text, wanted, length) == 0;
}}
"""
_MISSING = """\
/* Whether nothing is there, or a word that says so. */
static uint8_t {name}_missing(const char *text)
{{
    static const char *const words[] = {{
{words}
    }};
    size_t k;
    for (k = 0; k < sizeof words / sizeof words[0]; k++)
        if ({name}_says(text, words[k]))
            return 1;
    return text == NULL;
}}
"""


def member(name: str) -> str:
    """A name that a member of a struct may have in C and in C++."""
    text = clean(name)
    return f"c{text}" if text[0].isdigit() else f"{text}_" if text in RESERVED else text


def literal(text: str) -> str:
    """A text as a string literal of its bytes in UTF-8; nothing in it ends the literal, or is a trigraph.

    Raises `UsageError` for a text that is longer than every compiler takes, or that has a zero byte.
    """
    data = text.encode("utf-8", errors="surrogatepass")
    if len(data) > LONGEST or 0 in data:
        what = "has a zero byte" if 0 in data else f"has {len(data)} bytes, and C99 knows {LONGEST}"
        raise UsageError(
            f"the text {name_shown(text)} {what}, so that it is no string of C; export .py instead."
        )
    return '"' + "".join(map(_sign, data)) + '"'


def _sign(byte: int) -> str:
    if not 32 <= byte < 127:
        return f"\\{byte:03o}"
    return f"\\{chr(byte)}" if byte in b'"\\?' else chr(byte)


def functions(rule: Rule, name: str) -> Iterator[str]:
    """Functions that compare text, those that the rule's questions call alone: others would be warnings."""
    questions = [each for each in rule.questions if not rule.columns[each.column].kind.is_number]
    exact, missing = (
        any(each.texts for each in questions),
        any(each.test is Test.IS_MISSING for each in questions),
    )
    says = missing or any(each.words for each in questions)
    if exact or says:
        yield _STRIPPED.format(name=name, blanks=_list(BLANKS))
    if says:
        yield _SAYS.format(name=name)
    if exact:
        yield _IS.format(name=name)
    if missing:
        yield _MISSING.format(name=name, words=_list(sorted(MISSING)))


def _list(texts: Sequence[str]) -> str:
    lines = [", ".join(map(literal, texts[at : at + 4])) for at in range(0, len(texts), 4)]
    return ",\n".join(f"        {line}" for line in lines)
