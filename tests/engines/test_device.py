"""The device engine: the same iterates as the sweep and the general engine, in NumPy and in JAX, alone and in batches."""

from __future__ import annotations

import numpy as np
import pytest
