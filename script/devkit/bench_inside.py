"""One stage of script/bench as a process: a request and an answer as JSON in files.

``python -m devkit.bench_inside FILE``, with a file that says at least
``{"stage": "reads", "answer": "FILE", "database": "NAME", …}``.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from pathlib import Path

# Which module measures what; each has a function ``run(request)``.
STAGES = {
    "prepare": "bench_data",
    "documents": "bench_documents",
    "reads": "bench_reads",
    "load": "bench_load",
    "throughput": "bench_throughput",
    "peer": "bench_peer",
    "forecast": "bench_forecast",
    "workbook": "bench_workbook",
    "score": "bench_score",
    "raises": "bench_raises",
    "payslip": "bench_payslip",
}


def main(arguments: Sequence[str]) -> None:
    """Run the stage that the request names and write its answer."""
    request = json.loads(Path(arguments[0]).read_text(encoding="utf-8"))
    module = importlib.import_module(f"devkit.{STAGES[request['stage']]}")
    answer = module.run(request)
    Path(request["answer"]).write_text(json.dumps(answer), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
