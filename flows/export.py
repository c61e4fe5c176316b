"""Tables as CSV for spreadsheets.

UTF-8 with a byte order mark, by which Excel knows the encoding; a missing value is an empty cell. What an article says must not run as
a formula when the file is opened: text that begins like one gets an apostrophe in front, numbers stay numbers.
"""

from __future__ import annotations

import codecs
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from flows.warehouse import Warehouse
from transforms.tables import BY_NAME, TEXT

#: What a spreadsheet takes for the beginning of a formula; the wide ones too, in a Chinese or Japanese one.
_FORMULA = "^([=+\\-@＝＋－＠\t\r\n])"


def export(warehouse: Warehouse, table: str, target: Path) -> int:
    """Write a table into a CSV file, piece by piece, and return the number of rows. The file is there only when it is whole.

    Raises UsageError where there is no dataset.
    """
    warehouse.require_tables()
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.draft")
    rows = 0
    with draft.open("wb") as file:
        file.write(codecs.BOM_UTF8)
        with pyarrow.csv.CSVWriter(file, BY_NAME[table].schema) as writer:
            for batch in warehouse.dataset(table).to_batches():
                writer.write_batch(without_formulas(batch))
                rows += batch.num_rows
    draft.replace(target)
    return rows


def without_formulas(rows: pa.RecordBatch) -> pa.RecordBatch:
    """The rows with an apostrophe before each text that a spreadsheet would run.

    >>> without_formulas(pa.record_batch({"subject": ["=1+1", "抖音", None], "value": [-1.5, 2.0, None]})).to_pydict()
    {'subject': ["'=1+1", '抖音', None], 'value': [-1.5, 2.0, None]}
    """
    columns = [pc.replace_substring_regex(c, _FORMULA, r"'\1") if c.type == TEXT else c for c in rows.columns]
    return pa.record_batch(columns, schema=rows.schema)
