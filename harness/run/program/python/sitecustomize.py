"""Loaded by every Python that `soak exec` starts.

Takes the last reading while the modules are still there: Python takes them apart before its main returns, and with them
every global list that grew. And collects garbage when soak asks for it, before it looks: objects that refer to each other
stay until Python finds time for them, which would look like growth. What Python keeps by itself goes as well: its cache
of attribute look-ups, 4,096 entries by the address of the name, holds on to names that the program makes anew each time,
and fills for a hundred thousand requests.
"""

import atexit
import os
import signal
import sys


def _collect_garbage(*_):
    import gc

    gc.collect()
    # The first from Python 3.13 on.
    for clear in ("_clear_internal_caches", "_clear_type_cache"):
        if hasattr(sys, clear):
            return getattr(sys, clear)()


try:
    # garbage_collection_signal() in run/program/garbage.hpp.
    signal.signal(signal.SIGRTMAX - 1, _collect_garbage)
except (ValueError, OSError):
    pass  # an interpreter within another program, not in its main thread


def _take_last_reading():
    import ctypes

    _collect_garbage()
    try:
        ctypes.CDLL(None).soak_probe_end()
    except AttributeError:
        pass  # without the probe there is nothing to tell


atexit.register(_take_last_reading)  # the first to be registered is the last to be called

# Whatever sitecustomize would have been loaded without us.
sys.path[:] = [folder for folder in sys.path if os.path.abspath(folder) != os.path.dirname(os.path.abspath(__file__))]
del sys.modules["sitecustomize"]
try:
    import sitecustomize  # noqa: F401
except ImportError:
    pass
