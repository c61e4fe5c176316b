"""Run every benchmark."""

from importlib import import_module
from pathlib import Path

for path in sorted(Path(__file__).parent.glob("[a-z]*.py")):
    import_module(f"benchmarks.{path.stem}").main()
