"""What the page of an import carries to its second step, packed."""

import base64
import io
from zipfile import ZIP_BZIP2, ZIP_LZMA, ZIP_STORED, ZipFile

import pytest

from standby.web.dashboard.import_page import carried_of, files_of

FILES = {"customers.csv": b"name,phone\n" + b"".join(b"Kari %d,4000%04d\n" % (n, n) for n in range(50))}


def test_what_is_carried_comes_out_as_it_went_in() -> None:
    assert files_of(carried_of(FILES)) == FILES


def test_whatever_byte_of_it_is_damaged_it_is_the_same_files_or_none() -> None:
    packed = base64.b64decode(carried_of(FILES))
    for place in range(len(packed)):
        for damage in (0x01, 0x80, 0xFF):
            damaged = bytearray(packed)
            damaged[place] ^= damage
            found = files_of(base64.b64encode(damaged).decode())
            assert not found or list(found.values()) == list(FILES.values())


@pytest.mark.parametrize("way", [ZIP_STORED, ZIP_BZIP2, ZIP_LZMA])
def test_what_was_packed_in_another_way_than_ours_is_none(way: int) -> None:
    packed = io.BytesIO()
    with ZipFile(packed, "w", way) as archive:
        archive.writestr("customers.csv", FILES["customers.csv"])
    assert files_of(base64.b64encode(packed.getvalue()).decode()) == {}
