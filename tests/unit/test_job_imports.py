"""The door is opened before the queue is loaded: half a second that the first page does not wait for."""

import subprocess
import sys


def test_the_service_opens_its_door_before_the_queue_is_loaded() -> None:
    code = "from api.app import create_app; create_app(); import sys; assert 'dbos' not in sys.modules"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
