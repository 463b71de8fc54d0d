"""The box program as bytes: a zip that is imported from memory, and the bootstrap that receives it.

Standard input carries two lengths of 8 bytes each, the zip, and the request. The zip holds plain files and is
compressed as a whole, which makes it a third smaller than one of compressed files. On the box it lives in a memfd, so
nothing is left behind. The bootstrap is fixed text without secrets, and must run on every Python 3 to be able to say
that this one is too old.
"""

from __future__ import annotations

import functools
import io
import json
import struct
import zipfile
import zlib
from importlib import resources
from importlib.resources.abc import Traversable

from ..checks.box import OLDEST_PYTHON
from ..model import wire
from ..model.desired import Request
from ..model.errand import Errand
from ..model.framing import MARKER
from ..model.reveal import reveal

_PARTS = (
    "__init__.py",
    "printable.py",
    "model",
    "codes",
    "results",
    "checks",
    "plan",
    "diff.py",
    "diagnosis",
    "net",
    "machine",
    "authority.py",
    "box",
)
SIZES = struct.Struct(">QQ")
"""How many bytes of program and of request follow: what standard input begins with."""
_EPOCH = (1980, 1, 1, 0, 0, 0)
"""One date for every file in the zip, so that the same program is the same bytes."""

BOOTSTRAP = f"""import json, sys
def say(reply):
    body = json.dumps(reply)
    sys.stdout.write("\\n{MARKER} %d\\n%s\\n" % (len(body), body))
    sys.stdout.flush()
if sys.version_info < {OLDEST_PYTHON!r}:
    say({{"unsupported_python": sys.version.split()[0]}})
    sys.exit(0)
import os, resource, struct, zlib
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
os.chdir("/")
os.environ.clear()
stream = sys.stdin.buffer
sizes = stream.read(16)
if len(sizes) == 16:
    program, request = (stream.read(size) for size in struct.unpack(">QQ", sizes))
    memory = os.memfd_create("iot-https")
    place = "/proc/self/fd/%d" % memory
    sys.path.insert(0, place)
    try:
        os.write(memory, zlib.decompress(program))
        from reconciler.box.__main__ import main
        if not sys.modules["reconciler"].__file__.startswith(place):
            raise ImportError("it did not arrive whole, and another version is installed here")
    except (ImportError, zlib.error) as error:
        say({{"error": "the box's Python cannot load the program: %s" % error}})
    else:
        main(request)
else:
    say({{"error": "the program did not arrive"}})
"""


def message(request: Request | Errand) -> bytes:
    """Return what goes to the bootstrap's standard input. It holds the desired credentials in clear."""
    body = request_text(request).encode()
    program = packed()
    return SIZES.pack(len(program), len(body)) + program + body


def request_text(request: Request | Errand) -> str:
    """Return the request as JSON, with the desired credentials in clear."""
    return json.dumps(wire.encode(request, secret=reveal))


@functools.cache
def packed() -> bytes:
    """Return the zip as it travels."""
    return zlib.compress(program_zip(), zlib.Z_BEST_COMPRESSION)


def program_zip() -> bytes:
    """Return the part of this package that runs on a box, always the same bytes for the same version."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        root = resources.files(__package__.partition(".")[0])
        for part in _PARTS:
            _add(archive, root / part, f"reconciler/{part}")
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, item: Traversable, name: str) -> None:
    if item.is_dir():
        for child in sorted(item.iterdir(), key=lambda each: each.name):
            if child.name != "__pycache__":
                _add(archive, child, f"{name}/{child.name}")
    elif name.endswith(".py"):
        archive.writestr(zipfile.ZipInfo(name, _EPOCH), item.read_bytes())
