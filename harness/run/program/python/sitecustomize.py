"""Loaded by every Python that `soak exec` starts: takes the last reading while the modules are still there.

Python takes its modules apart before its main returns, and with them every global list that grew.
"""

import atexit
import os
import sys


def _take_last_reading():
    import ctypes
    import gc

    gc.collect()
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
