"""What the numbers came from: declaration, data, code, seed, and the libraries that calculate."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from typing import Any

from evaluator.evaluation import Evaluation
from evaluator.gate.fingerprints import code_part, environment_part

DISTRIBUTION = "campaign-evaluator"
OF_THE_MACHINE = ("platform", "BLAS")
"""What the lock knows of an environment and a result does not depend on, in the digits it has."""


def provenance_of(evaluation: Evaluation) -> dict[str, Any]:
    """All of it, in plain types. The same inputs and libraries give the same on every machine."""
    own = evaluation.protocol
    libraries = {k: v for k, v in environment_part().items() if k not in OF_THE_MACHINE}
    return {
        "evaluator": version(DISTRIBUTION),
        "code": hashlib.sha256(json.dumps(dict(code_part())).encode()).hexdigest(),
        "protocol_hash": own.hash,
        "resolved_hash": evaluation.resolved_hash,
        "data_fingerprint": evaluation.data_fingerprint,
        "calibration": evaluation.calibration or None,
        "seed": own.seed,
        "as_of": own.as_of.isoformat(),
        "python": libraries.pop("Python"),
        "libraries": libraries,
    }
