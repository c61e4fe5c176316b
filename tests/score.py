"""`make score`: build the tables of the gold articles, measure them and the parts, and hold the figures against tests/floors.toml.

Usage: python tests/score.py SHARED_FOLDER. Writes build/score.json. Exit status 1 below a floor.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parent.parent
BUILD = PROJECT / "build"


def measure(shared: Path, tables: Path, name: str) -> dict[str, Any]:
    """The scorer's report on one gold article, or on all of them where `name` is "all"."""
    gold = shared / "gold" if name == "all" else shared / "gold" / f"{name}.gold.json"
    report = BUILD / f"score-{name}.json"
    questions = shared / "gold" / f"{name}_questions.json"
    command = [sys.executable, shared / "check" / "score_tables.py", "--tables", tables, "--gold", gold, "--json", report]
    print(f"\n{name}", flush=True)
    subprocess.run([*command, *(["--questions", questions] if questions.exists() else [])], check=True)
    measured: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    report.unlink()
    measured["audit"]["share"] = measured["audit"]["holds"] / max(1, measured["audit"]["of"])
    return measured


def measure_quantities(shared: Path) -> dict[str, Any]:
    """The scorer's report on numbers and dates; `business` and `total` are its sums."""
    report = BUILD / "score-quantities.json"
    command = [sys.executable, shared / "eval" / "quantities_score.py", shared / "eval" / "quantities.jsonl"]
    print("\nquantities", flush=True)
    subprocess.run([*command, "--predictor", "tests.predictors:predict", "--json", report], check=True, cwd=PROJECT)
    measured: dict[str, Any] = json.loads(report.read_text(encoding="utf-8"))
    report.unlink()
    return {name: measured[name] for name in ("business", "total", "kinds")}


def measure_entities(shared: Path) -> dict[str, Any]:
    """The scorer's report on entities, by suite."""
    command = [sys.executable, shared / "eval" / "entities_score.py", shared / "eval" / "entities.jsonl", "--json"]
    done = subprocess.run([*command, "--predictor", "tests.entity_predictor:predict"], check=True, cwd=PROJECT, capture_output=True)
    measured: dict[str, Any] = json.loads(done.stdout)
    return measured["suites"]


def pick(report: dict[str, Any], path: str) -> float:
    """The figure at a dotted path.

    >>> pick({"roles": {"f1": 0.97}}, "roles.f1")
    0.97
    """
    value: Any = report
    for part in path.split("."):
        value = value[part]
    return float(value)


def below(reports: dict[str, dict[str, Any]], floors: dict[str, dict[str, Any]]) -> list[str]:
    """Print a line a floor; the names of those that are missed. A floor is a number, or {most = n} for what must not exceed n.

    >>> below({"a": {"x": {"f1": 0.5, "found": 1}}}, {"a": {"x.f1": 0.6, "x.found": {"most": 1}}})
    a x.f1                         0.5000  at least   0.6000  MISSED
    a x.found                      1.0000  at most    1.0000
    ['a x.f1']
    """
    missed = []
    for name, wanted in floors.items():
        for path, floor in wanted.items():
            most = isinstance(floor, dict)
            limit = float(floor["most"] if most else floor)
            value = pick(reports[name], path)
            failed = value > limit if most else value < limit
            missed += [f"{name} {path}"] if failed else []
            verdict = "  MISSED" if failed else ""
            print(f"{f'{name} {path}':<28}{value:>9.4f}  {'at most ' if most else 'at least'} {limit:>8.4f}{verdict}")
    return missed


def main(shared: Path) -> int:
    articles = sorted((shared / "gold").glob("*.raw.txt"))
    if not articles:
        print(f"{shared / 'gold'}: no gold articles there, nothing to score")
        return 0
    tables = BUILD / "gold-tables"
    shutil.rmtree(tables, ignore_errors=True)
    BUILD.mkdir(exist_ok=True)
    base = ["--base", str(shared / "gold"), "--tables", str(tables)]
    subprocess.run([sys.executable, "-m", "flows.cli", "build", *map(str, articles), *base], check=True, cwd=PROJECT)
    floors = tomllib.loads((PROJECT / "tests" / "floors.toml").read_text(encoding="utf-8"))
    parts = {"quantities": measure_quantities, "entities": measure_entities}
    reports = {name: parts[name](shared) if name in parts else measure(shared, tables, name) for name in dict.fromkeys([*floors, "all"])}
    (BUILD / "score.json").write_text(json.dumps(reports, ensure_ascii=False, indent=1), encoding="utf-8")
    print()
    missed = below(reports, floors)
    print(f"below the floor: {', '.join(missed)}" if missed else "all floors hold")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
