"""Where articles and tables lie: a local folder, or an object store that fsspec speaks to (s3://, gs://, az://).

A local place is a `pathlib.Path`, any other a `UPath`, which has the same methods but for moving and matching; those are here. Credentials
come from where the tools of each store look for them (environment, profiles, instance roles): a URI that holds any is refused, and what
a driver says of a failure is cut to its first line, because some quote the headers of a signed request.
"""

from __future__ import annotations

import errno
import glob
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Annotated, Any
from urllib.parse import unquote, urlsplit

from upath import UPath

from flows.errors import UsageError


class _AsText:
    """Lets the schema of a dataclass take a place as text, where a deployment gives it, and write it as text."""

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema as schema

        place = schema.no_info_after_validator_function(location, schema.str_schema(), serialization=schema.to_string_ser_schema())
        return schema.no_info_before_validator_function(str, place)


Location = Annotated[Path | UPath, _AsText()]

#: The extra of this package that brings the driver of a protocol. Tables need one of these protocols, because delta-rs speaks to no others.
EXTRAS = {"s3": "s3", "s3a": "s3", "gs": "gcs", "az": "azure", "abfs": "azure", "abfss": "azure"}
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
#: Packages whose exceptions say that a store did not answer as it should.
_DRIVERS = frozenset({"adlfs", "aiobotocore", "aiohttp", "azure", "botocore", "deltalake", "gcsfs", "google", "s3fs"})
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)


def is_uri(text: str) -> bool:
    """Whether this names something elsewhere, not a file of this machine.

    >>> is_uri("s3://bucket/articles"), is_uri("data/articles")
    (True, False)
    """
    return _URI.match(text) is not None


def location(place: str | os.PathLike[str] | UPath) -> Location:
    """The place that a text names; a path of this machine becomes absolute.

    Raises UsageError for a URI with credentials in it, of an unknown protocol, or of one whose driver is not installed.
    """
    text = str(place)
    if not is_uri(text):
        return Path(text).absolute()
    protocol, _, rest = text.partition("://")
    user, _, bucket = rest.partition("/")[0].rpartition("@")
    if not bucket or glob.has_magic(bucket):
        raise UsageError(f"{protocol}://: name a bucket or container behind it; a file of this machine goes by its path")
    if ":" in user or re.search(r"\?[\w.-]+=", text):
        raise UsageError(f"{protocol}://{bucket}/...: a URI must not hold credentials; they belong into the environment")
    if "::" in text:
        raise UsageError(f"{text}: chained URIs are not supported; name the object itself")
    import fsspec  # takes long, and most runs are on this machine

    try:
        fsspec.get_filesystem_class(protocol)
    except ImportError:
        extra = EXTRAS.get(protocol)
        remedy = f"pip install 'qingwen[{extra}]'" if extra else "install the fsspec driver of that protocol"
        raise UsageError(f"{text}: the driver of {protocol}:// is not installed; {remedy}") from None
    except ValueError:
        raise UsageError(f"{text}: unknown protocol {protocol}://; use a path, s3://, gs:// or az://") from None
    # other processes write there too, so that a remembered listing would be a wrong one
    return UPath(text.rstrip("/"), use_listings_cache=False)


def table_location(place: str | os.PathLike[str] | UPath) -> Location:
    """A place that tables can live in. Raises UsageError as `location` does, and for one that Delta Lake cannot use."""
    root = location(place)
    if "?" in str(root) or unquote(str(root)) != str(root):
        # DuckDB and delta-rs take parts of such a path for parts of a URL
        raise UsageError(f"{root}: tables cannot live in a folder whose name holds ? or a code such as %20; choose another")
    if not isinstance(root, Path) and root.protocol not in EXTRAS:
        raise UsageError(f"{root}: tables can live in a folder, s3://, gs:// or az://, not in {root.protocol}://")
    return root


def delta_options(place: Location) -> dict[str, str]:
    """What delta-rs does not find by itself: the S3 endpoint under the name that AWS tools give it, and plain http on this machine.

    A commit is a conditional put (If-None-Match), which S3, GCS, Azure and the S3 servers of others have; no lock table is needed.
    """
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if isinstance(place, Path) or EXTRAS[place.protocol] != "s3" or not endpoint:
        return {}
    options = {"aws_endpoint_url": endpoint}
    url = urlsplit(endpoint)
    if url.scheme == "http" and url.hostname in ("127.0.0.1", "::1", "localhost"):
        options["aws_allow_http"] = "true"
    return options


def key(place: Location) -> str:
    """The name of a place within its file system."""
    return str(place) if isinstance(place, Path) else place.path


def matches(folder: Location, pattern: str) -> list[Location]:
    """The files below a folder whose relative path fits a glob pattern, sorted."""
    if isinstance(folder, Path):
        return sorted(folder.glob(pattern))
    start = folder.path.rstrip("/") + "/"
    # a pattern is matched from the right, so that everything of another depth has to go before
    depth = pattern.count("/") + 1
    names = (PurePosixPath(name.removeprefix(start)) for name in folder.fs.find(folder.path, maxdepth=depth))
    return sorted(folder / str(name) for name in names if len(name.parts) == depth and name.match(pattern))


def move(source: Location, target: Location) -> None:
    """Move a file within a file system. On an object store that is a copy on the server's side and a removal, so it can be repeated."""
    if isinstance(source, Path):
        source.replace(key(target))
    else:
        source.fs.cp_file(source.path, key(target))
        remove(source)


def upload(source: Path, target: Location) -> None:
    """Move a complete file of this machine into its place; on this machine both are on one file system."""
    if isinstance(target, Path):
        source.replace(target)
    else:
        target.fs.put_file(str(source), target.path)
        source.unlink()


def read_text(path: Location) -> str | None:
    """What a file holds, None where it is not there."""
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None


def write_text(path: Location, text: str) -> None:
    """Write a file that is never seen half-written. Bytes of a path that are not UTF-8 stay as they are."""
    data = text.encode("utf-8", "surrogateescape")
    if isinstance(path, Path):
        draft = path.with_name(f".{path.name}.draft")
        draft.write_bytes(data)
        draft.replace(path)
    else:
        path.write_bytes(data)


def remove(path: Location) -> None:
    """Remove a file."""
    if isinstance(path, Path):
        path.unlink()
    else:
        # other ways to remove or to copy take a [ in the name for a pattern
        path.fs.rm_file(path.path)


def remove_tree(folder: Location) -> None:
    """Remove a folder with all below it, where it is there."""
    if isinstance(folder, Path):
        shutil.rmtree(folder, ignore_errors=True)
    else:
        for name in folder.fs.find(folder.path):
            folder.fs.rm_file(name)


def reason(error: Exception) -> str:
    """What went wrong with a store, in one line without anything of a request."""
    if isinstance(error, FileNotFoundError):
        return "there is no such bucket, container or object; check the name"
    if isinstance(error, PermissionError):
        return "access denied; check the credentials in the environment and what they are allowed to do"
    first = str(error).strip().splitlines()[0][:200] if str(error).strip() else ""
    return f"the store does not answer as it should ({type(error).__name__}: {first}); check network, endpoint and credentials"


def ensure_room(folder: Location, size: int) -> None:
    """Raises OSError where the disk of a folder has less than `size` bytes left. An object store has room."""
    if isinstance(folder, Path) and shutil.disk_usage(folder).free < size:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(folder))


@contextmanager
def as_usage_errors(place: Location) -> Iterator[None]:
    """A full disk and whatever the driver of a store raises, as a UsageError that names the place."""
    try:
        yield
    except Exception as error:
        if getattr(error, "errno", None) in _NO_ROOM or "No space left on device" in str(error):
            raise UsageError(f"{place}: no space left on the disk; free some and run again; no table is half-written") from None
        if isinstance(place, Path) or not (isinstance(error, OSError) or type(error).__module__.partition(".")[0] in _DRIVERS):
            raise
        raise UsageError(f"{place}: {reason(error)}") from None
