"""The one array type of the estimators."""

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
"""Floats of any shape; each function's docstring says which."""

Flags = NDArray[np.bool_]
"""Truth values of any shape."""
