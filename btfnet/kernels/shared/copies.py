"""Cells and their copies as arrays; what cells compute, and the wrong output bits of all their copies.

A gate is the majority of three literals of its cell's nodes: the constant, the cell's inputs, and earlier gates. A
literal taken twice, or with its complement, leaves a Copy or Not: of itself, or of the third. All copies of a cell
have its gates, so that the price of a change is no sum of single prices: the copies are evaluated one after
another, 64 items to a word. Nothing of the values inside a copy is kept but its outputs, which others hear as
signals: signal 0 is the constant false, then come the network's inputs, then the outputs of copy after copy.

Words stand outside, copies within: one word's signals are a row, and a sum that has passed the limit ends early.

Arguments of all kernels here: shape  CopiesShape; sender  int64, (n_gates, 3), flip  uint64, (n_gates, 3): the
gates of all cells, node numbers within the cell, NONE or ALL for a complement; cell  a number; room  CopiesRoom.
Source: own; bit-parallel simulation. Twin: tests/support/naive_copies.py, wrong_bits, by plain Booleans.
"""

from typing import NamedTuple

import numpy as np

from btfnet.kernels.bits import NONE, popcount
from btfnet.kernels.compiled import compiled


class CopiesShape(NamedTuple):
    """What stays as it is: cells, copies, and what the network's outputs must be."""

    first_gate: np.ndarray  # int64, (n_cells + 1,): the first gate of each cell
    n_cell_inputs: np.ndarray  # int64, (n_cells,)
    n_cell_outputs: np.ndarray  # int64, (n_cells,)
    heard_start: np.ndarray  # int64, (n_gates + 1,)
    may_hear: np.ndarray  # int64, flat: the nodes of its cell that each gate may hear
    kind: np.ndarray  # int64, (n_copies,): the cell of each copy
    signal_start: np.ndarray  # int64, (n_copies + 1,)
    signal: np.ndarray  # int64, flat: the signals that the inputs of each copy hear
    first_made: int  # the first signal that a copy makes
    outputs: np.ndarray  # int64, (n_outputs,): the signals that are the network's outputs
    targets: np.ndarray  # uint64, (n_words, n_outputs)
    care: np.ndarray  # uint64, (n_words, n_outputs): output bits that count
    patterns: np.ndarray  # uint64, (most inputs of a cell, most words of a table): all patterns of inputs
    table_words: (
        np.ndarray
    )  # int64, (n_cells,): words of a cell's table; 0 for all where a cell has too many inputs


class CopiesRoom(NamedTuple):
    """Room to work in; of the signals the constant and the inputs are there, and stay."""

    signals: np.ndarray  # uint64, (n_words, n_signals)
    nodes: np.ndarray  # uint64, (most nodes of a cell,): values within a copy
    needed: np.ndarray  # bool, (n_gates,): whether an output of its cell depends on the gate
    order: np.ndarray  # int64, (n_gates,): of each cell, from its first gate's place on, the gates needed
    n_needed: np.ndarray  # int64, (n_cells,)
    table: np.ndarray  # uint64, (table words of all outputs of all cells,): what the cells compute
    held_sender: np.ndarray  # int64, (3,): of a gate that may come back
    held_flip: np.ndarray  # uint64, (3,)
    effort: np.ndarray  # int64, (1,): gates evaluated on a word each; time, as every machine counts it
    halt: np.ndarray  # int64, (1,): not 0 as soon as somebody, on another thread, wants the work to end


@compiled
def find_needed(shape, sender, room):
    """Which gates the outputs of their cells depend on. Writes room.needed, room.order, room.n_needed."""
    for cell in range(shape.n_cell_inputs.size):
        first, last = shape.first_gate[cell], shape.first_gate[cell + 1]
        before = 1 + shape.n_cell_inputs[cell]
        for gate in range(first, last):
            room.needed[gate] = gate >= last - shape.n_cell_outputs[cell]
        for gate in range(last - 1, first - 1, -1):
            if room.needed[gate]:
                for literal in range(3):
                    heard = sender[gate, literal] - before
                    if heard >= 0:
                        room.needed[first + heard] = True
        count = 0
        for gate in range(first, last):
            if room.needed[gate]:
                room.order[first + count] = gate
                count += 1
        room.n_needed[cell] = count


@compiled
def evaluate_cell(shape, sender, flip, room, cell):
    """The gates of a cell that are needed, on a word of the inputs in room.nodes. Writes room.nodes."""
    first, nodes = shape.first_gate[cell], room.nodes
    before = 1 + shape.n_cell_inputs[cell] - first
    for place in range(first, first + room.n_needed[cell]):
        gate = room.order[place]
        a = nodes[sender[gate, 0]] ^ flip[gate, 0]
        b = nodes[sender[gate, 1]] ^ flip[gate, 1]
        c = nodes[sender[gate, 2]] ^ flip[gate, 2]
        nodes[before + gate] = (a & b) | (c & (a | b))


@compiled
def write_tables(shape, sender, flip, room):
    """What every cell computes, for all patterns of its inputs; `find_needed` has been called.

    Writes room.table and room.nodes.
    """
    place = 0
    for cell in range(shape.n_cell_inputs.size):
        n_inputs, n_outputs = shape.n_cell_inputs[cell], shape.n_cell_outputs[cell]
        last = 1 + n_inputs + shape.first_gate[cell + 1] - shape.first_gate[cell]
        for word in range(shape.table_words[cell]):
            room.nodes[0] = NONE
            for index in range(n_inputs):
                room.nodes[1 + index] = shape.patterns[index, word]
            evaluate_cell(shape, sender, flip, room, cell)
            room.effort[0] += room.n_needed[cell]
            for output in range(last - n_outputs, last):
                room.table[place] = room.nodes[output]
                place += 1


@compiled
def wrong_bits(shape, sender, flip, room, limit):
    """Wrong output bits of the network: their number, or that of the first words that has passed the limit.

    limit  a float; `find_needed` has been called. Returns an int64. Writes room.signals and room.nodes.
    """
    total = 0
    for word in range(shape.targets.shape[0]):
        row, made = room.signals[word], shape.first_made
        room.nodes[0] = NONE
        for copy in range(shape.kind.size):
            cell = shape.kind[copy]
            first = shape.signal_start[copy]
            for index in range(shape.n_cell_inputs[cell]):
                room.nodes[1 + index] = row[shape.signal[first + index]]
            evaluate_cell(shape, sender, flip, room, cell)
            room.effort[0] += room.n_needed[cell]
            last = 1 + shape.n_cell_inputs[cell] + shape.first_gate[cell + 1] - shape.first_gate[cell]
            for output in range(last - shape.n_cell_outputs[cell], last):
                row[made] = room.nodes[output]
                made += 1
        for output in range(shape.outputs.size):
            differs = row[shape.outputs[output]] ^ shape.targets[word, output]
            total += popcount(differs & shape.care[word, output])
        if total > limit:
            break
    return total
