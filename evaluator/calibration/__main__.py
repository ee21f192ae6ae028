"""A worker of calibration: work in lines on stdin, what was measured in lines on stdout.

The first line says which experiment, how many worlds and which seed; each further one is a piece
of work, a group of rows and a kind of campaign.
"""

from __future__ import annotations

import json
import sys

from evaluator.calibration.rows import Kind, calibrated_groups, campaigns_of
from evaluator.calibration.stored import found_to_dict
from evaluator.effects import Setting
from evaluator.experiment import load_protocol
from evaluator.resolve import resolve
from evaluator.sources import load


def main() -> None:
    asked = json.loads(sys.stdin.readline())
    protocol = load_protocol(asked["experiment"])
    groups = calibrated_groups(resolve(protocol, load(protocol)))
    setting = Setting(protocol.decision.level, asked["seed"])
    for line in sys.stdin:
        group, kind = line.split()
        found = campaigns_of(groups[int(group)], Kind(kind), asked["worlds"], setting)
        print(json.dumps([found_to_dict(row) for row in found]), flush=True)


if __name__ == "__main__":
    main()
