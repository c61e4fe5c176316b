"""`qingwen migrate`: a dataset of an older schema version becomes one of this version."""

from __future__ import annotations

from flows import catalog
from flows.errors import UsageError
from flows.lock import WarehouseLocked
from flows.warehouse import Warehouse
from transforms import migrations


def migrate(warehouse: Warehouse) -> tuple[int, int]:
    """Run the migrations that a dataset lacks, on all tables or, if interrupted, on none. Returns its schema version before and after.

    Raises UsageError where there is no dataset, a run is writing it, or a newer Qingwen made it.
    """
    warehouse.require_tables()
    current = migrations.current_version()
    try:
        with warehouse.lock():
            before = warehouse.schema_version()
            if before > current:
                raise UsageError(f"{warehouse.root}: schema version {before} is newer than this Qingwen's {current}; install a newer one")
            if before < current:
                warehouse.migrate()
                catalog.write(warehouse.root)
    except WarehouseLocked as error:
        raise UsageError(str(error)) from None
    return before, current
