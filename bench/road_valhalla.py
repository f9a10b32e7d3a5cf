"""Valhalla's matrix on the same file: run by an interpreter that has `pyvalhalla`, apart from ours.

JSON on stdin: `{"roads": path, "points": [[lon, lat], …], "runs": n}`; on stdout the seconds of each run
(times and lengths, snapping included), after one run to warm up, and the seconds to build its tiles.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any


def main() -> None:
    import valhalla  # type: ignore[import-not-found]  # noqa: PLC0415

    asked = json.load(sys.stdin)
    with tempfile.TemporaryDirectory() as folder:
        config: dict[str, Any] = valhalla.get_config(tile_extract="", tile_dir=folder, verbose=False)
        config["service_limits"]["auto"]["max_matrix_location_pairs"] = 10_000_000
        settings = Path(folder) / "valhalla.json"
        settings.write_text(json.dumps(config))
        built = time.perf_counter()
        tool = Path(valhalla.__file__).parent / "bin" / "valhalla_build_tiles"
        subprocess.run([tool, "-c", settings, asked["roads"]], check=True, capture_output=True)
        built = time.perf_counter() - built
        actor = valhalla.Actor(str(settings))
        places = [{"lon": lon, "lat": lat} for lon, lat in asked["points"]]
        query = {"sources": places, "targets": places, "costing": "auto"}
        runs = []
        for _ in range(asked["runs"] + 1):
            start = time.perf_counter()
            actor.matrix(query)
            runs.append(time.perf_counter() - start)
    print(json.dumps({"build_s": built, "runs_s": runs[1:]}))


if __name__ == "__main__":
    main()
