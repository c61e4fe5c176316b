"""Places: which are accepted, what must not leak, and that the helpers mean the same here and on a store."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from upath import UPath

from flows import storage
from flows.errors import UsageError
from flows.storage import Location, as_usage_errors, delta_options, location, matches, table_location


@pytest.fixture(params=["here", "store"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Location]:
    """An empty folder whose name would be a pattern, on this machine and on a store (in memory)."""
    if request.param == "here":
        yield tmp_path / "a [1]"
        return
    place = location("memory://bucket/a [1]")
    yield place
    storage.remove_tree(place)


def write(path: Location, text: str) -> None:
    if isinstance(path, Path):
        path.parent.mkdir(parents=True, exist_ok=True)
    storage.write_text(path, text)


class TestLocation:
    def test_a_path_becomes_absolute(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        assert location("a::b/c") == tmp_path / "a::b" / "c"

    def test_a_uri_stays_what_it_is(self) -> None:
        place = location("s3://bucket/a b/表/")
        assert isinstance(place, UPath)
        assert str(place) == "s3://bucket/a b/表"
        assert str(location(place) / "x") == "s3://bucket/a b/表/x"

    @pytest.mark.parametrize(
        "uri",
        [
            "s3://KEY:SECRET@bucket/x",
            "https://user:SECRET@example.com/x.txt",
            "s3://bucket/x?X-Amz-Signature=SECRET",
            "az://container/x?sv=2024&sig=SECRET",
        ],
    )
    def test_credentials_are_refused_and_not_repeated(self, uri: str) -> None:
        with pytest.raises(UsageError, match="credentials") as caught:
            location(uri)
        assert "SECRET" not in str(caught.value)
        assert "KEY" not in str(caught.value)

    def test_a_question_mark_is_no_credential(self) -> None:
        assert str(location("s3://bucket/2024-0?.txt")) == "s3://bucket/2024-0?.txt"

    @pytest.mark.parametrize(
        ("uri", "says"),
        [
            ("zz://x", "unknown protocol"),
            ("zip://a.txt::s3://b/a.zip", "chained"),
            ("s3://", "name a bucket"),
            ("s3://b*/x", "name a bucket"),
            ("s3://[b]/x", "name a bucket"),
            ("file:///a/b", "goes by its path"),
        ],
    )
    def test_other_uris_that_cannot_be_used(self, uri: str, says: str) -> None:
        with pytest.raises(UsageError, match=says):
            location(uri)

    def test_a_driver_that_is_not_installed(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def missing(_protocol: str) -> None:
            raise ImportError

        monkeypatch.setattr(fsspec, "get_filesystem_class", missing)
        with pytest.raises(UsageError, match=r"gs://bucket: .*pip install 'qingwen\[gcs\]'"):
            location("gs://bucket")

    @pytest.mark.parametrize("place", ["memory://tables", "s3://bucket/what?", "s3://bucket/a%20b"])
    def test_where_tables_cannot_live(self, place: str) -> None:
        with pytest.raises(UsageError, match="tables can"):
            table_location(place)


class TestFiles:
    def test_matches_are_of_one_depth(self, folder: Location) -> None:
        for name in ("b.json", "x/plan.json", "x/a.txt", "x/y/plan.json", "[x]/plan.json"):
            write(folder / name, name)
        assert [path.name for path in matches(folder, "*.json")] == ["b.json"]
        assert [str(path.parent.name) for path in matches(folder, "*/plan.json")] == ["[x]", "x"]
        assert matches(folder / "nowhere", "*") == []

    def test_moving_writing_and_removing(self, folder: Location) -> None:
        write(folder / "x" / "a.txt", "甲")
        storage.move(folder / "x" / "a.txt", folder / "b.txt")
        assert storage.read_text(folder / "b.txt") == "甲"
        assert storage.read_text(folder / "x" / "a.txt") is None
        with pytest.raises(FileNotFoundError):
            storage.move(folder / "x" / "a.txt", folder / "b.txt")
        storage.write_text(folder / "b.txt", "乙")
        assert [path.name for path in matches(folder, "*.txt")] == ["b.txt"], "nothing half-written beside it"
        storage.remove(folder / "b.txt")
        assert storage.read_text(folder / "b.txt") is None
        write(folder / "y" / "c.txt", "丙")
        storage.remove_tree(folder)
        storage.remove_tree(folder)
        assert matches(folder, "*/*") == []

    def test_uploading_moves_a_file_of_this_machine(self, folder: Location, tmp_path: Path) -> None:
        write(folder / "old", "旧")
        (tmp_path / "draft").write_text("新", encoding="utf-8")
        storage.upload(tmp_path / "draft", folder / "old")
        assert storage.read_text(folder / "old") == "新"
        assert not (tmp_path / "draft").exists()


class TestDeltaOptions:
    @pytest.mark.parametrize(
        ("place", "endpoint", "options"),
        [
            ("s3://b/t", "", {}),
            ("s3://b/t", "https://store.example.com", {"aws_endpoint_url": "https://store.example.com"}),
            ("s3://b/t", "http://store.example.com", {"aws_endpoint_url": "http://store.example.com"}),
            ("s3://b/t", "http://127.0.0.1:9000", {"aws_endpoint_url": "http://127.0.0.1:9000", "aws_allow_http": "true"}),
            ("/b/t", "http://127.0.0.1:9000", {}),
        ],
    )
    def test_plain_http_is_for_this_machine_only(
        self, place: str, endpoint: str, options: dict[str, str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("AWS_ENDPOINT_URL_S3", raising=False)
        monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
        assert delta_options(location(place)) == options


class DriverError(Exception):
    """As a package of `_DRIVERS` would raise."""

    __module__ = "botocore.exceptions"


class TestErrors:
    def test_a_full_disk_names_the_folder_and_what_to_do(self, tmp_path: Path) -> None:
        for error in (
            OSError(errno.ENOSPC, "No space left on device"),
            ValueError("writing failed: No space left on device (os error 28)"),
        ):
            with pytest.raises(UsageError, match=f"{tmp_path}: no space left.*free some"), as_usage_errors(tmp_path):
                raise error

    def test_other_errors_of_this_machine_stay_as_they_are(self, tmp_path: Path) -> None:
        with pytest.raises(PermissionError), as_usage_errors(tmp_path):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    @pytest.mark.parametrize(
        ("error", "says"),
        [
            (FileNotFoundError("x"), "no such bucket"),
            (PermissionError("Forbidden"), "access denied"),
            (OSError("Generic S3 error\n  x-amz-security-token: SECRET"), "Generic S3 error"),
            (DriverError("Could not connect\nSECRET"), "Could not connect"),
        ],
    )
    def test_of_a_store_one_line_without_the_request(self, error: Exception, says: str) -> None:
        with pytest.raises(UsageError, match=f"memory://b/t: .*{says}") as caught, as_usage_errors(location("memory://b/t")):
            raise error
        assert "SECRET" not in str(caught.value)

    def test_faults_of_our_own_are_not_blamed_on_the_store(self) -> None:
        with pytest.raises(KeyError), as_usage_errors(location("memory://b/t")):
            raise KeyError("x")
