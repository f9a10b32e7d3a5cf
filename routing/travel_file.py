"""Travel figures on disk: one small file, the same bytes for the same figures.

A zip of three members, each `.npy` or JSON, whose dates are fixed: `travel.json` (format, stamp, ids,
points), `figures.npy` (int32, shape (2, n, n): seconds, metres), `lines.npy` (int32: the shapes, see
`_pack`). Read with numpy alone, in milliseconds.
"""

import io
import json
import os
import struct
import zipfile
import zlib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from models.errors import RoadDataError
from models.values import Coordinates
from routing.travel import LegShapes, TravelMatrix, TravelStamp

FORMAT = 1
_SCALE = 100_000  # degrees are kept to 5 decimals, a metre
_EPOCH = (1980, 1, 1, 0, 0, 0)
# What a zip, a JSON text or an array may raise when bytes are missing or changed.
_DAMAGED = (
    OSError,
    EOFError,
    KeyError,
    IndexError,
    TypeError,
    ValueError,
    RuntimeError,  # an encrypted member; NotImplementedError: an unknown compression
    OverflowError,
    struct.error,
    zlib.error,
    zipfile.BadZipFile,
)
_REMEDY = "Recalculez-le avec « navette roads build --osm FICHIER », ou reprenez celui livré avec Navette."


def write_travel(path: Path, matrix: TravelMatrix, shapes: LegShapes) -> None:
    """Write both to `path`, aside then renamed: a reader never sees half a file."""
    header = {
        "format": FORMAT,
        "stamp": asdict(matrix.stamp),
        "ids": matrix.ids,
        "points": [[point.lon, point.lat] for point in matrix.points],
        "estimated": matrix.estimated,
    }
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        with zipfile.ZipFile(aside, "w") as archive:
            text = json.dumps(header, ensure_ascii=False, sort_keys=True, indent=1)
            _add(archive, "travel.json", text.encode())
            _add(archive, "figures.npy", _npy(np.stack([matrix.seconds, matrix.metres])))
            _add(archive, "lines.npy", _npy(_pack(matrix, shapes)))
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)


def read_travel(path: Path) -> tuple[TravelMatrix, LegShapes]:
    """What `write_travel` wrote. RoadDataError when the file is missing, damaged or of another format."""
    try:
        with zipfile.ZipFile(path) as archive:
            header = json.loads(archive.read("travel.json"))
            if header["format"] != FORMAT:
                raise RoadDataError(
                    f"Le fichier de trajets « {path} » est au format {header['format']}, "
                    f"cette version de Navette lit le format {FORMAT}. {_REMEDY}"
                )
            figures, lines = (_array(archive.read(f"{name}.npy")) for name in ("figures", "lines"))
        matrix = _matrix(header, figures)
        points = dict(zip(matrix.ids, matrix.points, strict=True))
        return matrix, LegShapes(points=points, lines=_unpack(matrix, lines))
    except FileNotFoundError as error:
        raise RoadDataError(f"Le fichier de trajets « {path} » est introuvable. {_REMEDY}") from error
    except _DAMAGED as error:
        raise RoadDataError(f"Le fichier de trajets « {path} » est illisible ou abîmé. {_REMEDY}") from error


def _matrix(header: dict[str, Any], figures: npt.NDArray[Any]) -> TravelMatrix:
    return TravelMatrix(
        ids=tuple(header["ids"]),
        points=tuple(Coordinates(lon=lon, lat=lat) for lon, lat in header["points"]),
        seconds=figures[0],
        metres=figures[1],
        stamp=TravelStamp(**header["stamp"]),
        estimated=tuple(bool(mark) for mark in header["estimated"]),
    )


def _pack(matrix: TravelMatrix, shapes: LegShapes) -> npt.NDArray[np.int32]:
    """n² counts of points (0: no line) in order of rows, then all longitudes, then all latitudes.

    In units of 1e-5 degree; each after the first of its line is the difference from the one before.
    """
    pairs = [shapes.lines.get((a, b)) for a in matrix.ids for b in matrix.ids]
    counts = np.array([0 if line is None else len(line) for line in pairs], np.int32)
    known = [np.rint(np.asarray(line) * _SCALE).astype(np.int32) for line in pairs if line is not None]
    deltas = [np.diff(line, axis=0, prepend=np.zeros((1, 2), np.int32)) for line in known]
    steps = np.concatenate(deltas) if deltas else np.zeros((0, 2), np.int32)
    return np.concatenate([counts, steps[:, 0], steps[:, 1]]).astype(np.int32)


def _unpack(matrix: TravelMatrix, packed: npt.NDArray[Any]) -> dict[tuple[str, str], npt.NDArray[np.float64]]:
    pairs = [(a, b) for a in matrix.ids for b in matrix.ids]
    counts = packed[: len(pairs)].astype(np.int64)
    steps = packed[len(pairs) :].astype(np.int64).reshape(2, -1)
    ends = np.cumsum(counts)
    if (counts < 0).any() or steps.shape[1] != (ends[-1] if len(ends) else 0):
        raise ValueError("the lines do not fill the file")
    sums = np.concatenate([np.zeros((2, 1), np.int64), np.cumsum(steps, axis=1)], axis=1)
    degrees = np.empty((steps.shape[1], 2))
    # Differences begin anew with each line: take away what had run up before it.
    starts = np.repeat(ends - counts, counts)
    degrees[:] = ((sums[:, 1:] - sums[:, starts]) / _SCALE).T
    return {
        pair: degrees[end - count : end]
        for pair, count, end in zip(pairs, counts.tolist(), ends.tolist(), strict=True)
        if count
    }


def _npy(array: npt.NDArray[Any]) -> bytes:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array.astype("<i4"), allow_pickle=False)
    return stream.getvalue()


def _array(content: bytes) -> npt.NDArray[Any]:
    return np.asarray(np.lib.format.read_array(io.BytesIO(content), allow_pickle=False))


def _add(archive: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, content, compresslevel=9)
