"""Exported C, compiled without a warning: the program's outputs are compared with the model's own."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from btfnet.tools import running
from btfnet.tools.programs import Program
from support.judged_samples import Finding, Sample, compared

SECONDS = 1800.0
_MAIN = """\
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
typedef void block_t(const uint64_t *, uint64_t *, size_t);
typedef void words_t(const uint64_t *, uint64_t *);
typedef void row_t(const uint8_t *, uint8_t *);
static void *room(size_t n) { void *p = calloc(n + 8, 1); if (!p) exit(2); return p; }
static void go(const char *given, const char *found, size_t n_in, size_t n_out, size_t n_words,
               block_t *block, words_t *words, row_t *row)
{
    uint64_t *in = room(8 * n_in * n_words), *out = room(8 * n_out * n_words), *one = room(8 * n_in);
    uint64_t *got = room(8 * n_out);
    uint8_t *bits = room(n_in), *ones = room(n_out);
    size_t w, k, i;
    FILE *file = fopen(given, "rb");
    if (!file || fread(in, 8, n_in * n_words, file) != n_in * n_words) exit(3);
    fclose(file);
    file = fopen(found, "wb");
    block(in, out, n_words);
    fwrite(out, 8, n_out * n_words, file);
    for (w = 0; w < n_words; w++) {
        for (k = 0; k < n_in; k++) one[k] = in[k * n_words + w];
        words(one, got);
        for (k = 0; k < n_out; k++) out[k * n_words + w] = got[k];
    }
    fwrite(out, 8, n_out * n_words, file);
    for (w = 0; w < n_words; w++) {
        for (k = 0; k < n_out; k++) got[k] = 0;
        for (i = 0; i < 64; i++) {
            for (k = 0; k < n_in; k++) bits[k] = (uint8_t)(in[k * n_words + w] >> i & 1);
            row(bits, ones);
            for (k = 0; k < n_out; k++) got[k] |= (uint64_t)ones[k] << i;
        }
        for (k = 0; k < n_out; k++) out[k * n_words + w] = got[k];
    }
    fwrite(out, 8, n_out * n_words, file);
    if (fclose(file)) exit(4);
}
"""
_WARNINGS = ("-std=c99", "-O1", "-Wall", "-Wextra", "-Werror", "-pedantic")


def check_c(samples: list[Sample], folder: Path) -> list[Finding]:
    """One program calls every `.c`: its blocks, its words and its rows, on the sample's rows."""
    chosen = [one for one in samples if (folder / f"{one.key}.c").exists()]
    if not chosen:
        return []
    declared, calls = [], []
    for one in chosen:
        (name,) = re.findall(r"^void (\w+)_words\(.*;$", (folder / f"{one.key}.c").read_text(), re.M)
        declared.append(f"block_t {name}_block; words_t {name}_words; row_t {name}_row;\n")
        words = _words(one.rows)
        (folder / f"{one.key}.given").write_bytes(words.tobytes())
        sizes = f"{one.circuit.n_inputs}, {one.circuit.n_outputs}, {words.shape[1]}"
        functions = ", ".join(f"{name}_{entry}" for entry in ("block", "words", "row"))
        calls.append(f'    go("{one.key}.given", "{one.key}.found", {sizes}, {functions});\n')
    (folder / "main.c").write_text(_MAIN + "".join(declared) + f"int main(void)\n{{\n{''.join(calls)}}}\n")
    sources = [f"{one.key}.c" for one in chosen]
    running.run("cc", [*_WARNINGS, "-o", "all.exe", "main.c", *sources], seconds=SECONDS, cwd=folder)
    program = Program("compiled C", "all.exe", (str(folder / "all.exe"),))
    running.run(program, [], seconds=SECONDS, cwd=folder)
    for one in chosen:
        found = np.fromfile(folder / f"{one.key}.found", dtype="<u1")
        for answers in found.reshape(3, one.circuit.n_outputs, -1):
            bits = np.unpackbits(answers, axis=1, bitorder="little", count=len(one.rows))
            compared(one, ".c", "C compiler", bits.T.astype(bool))
    return [Finding(one.key, ".c", "C compiler", one.complete) for one in chosen]


def _words(rows: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """(n_inputs, n_words): bit i of word w is row 64 w + i."""
    padded = np.zeros((rows.shape[1], -(-len(rows) // 64) * 64), dtype=bool)
    padded[:, : len(rows)] = rows.T
    return np.packbits(padded, axis=1, bitorder="little").view("<u8")
