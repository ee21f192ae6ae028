"""All benchmarks, one after the other: `python tests/benchmarks/run.py`.

They print, and assert nothing: what a second is depends on the machine. What they print was
measured in one run, so ratios are of one machine in one state.
"""

import subprocess
import sys
from pathlib import Path

for script in ("commands.py", "placebos.py", "targeting.py", "geo.py", "power.py"):
    print(flush=True)
    subprocess.run([sys.executable, Path(__file__).with_name(script)], check=True)
