"""Libraries that a run needs only when its tables are made, loaded when something of them is used.

Mesa and the measures import pandas, and with it Arrow: a fifth of a second and 70 MB, which the
weeks of a run do not need. In its place stands a module that loads the true one when first asked
for anything.
"""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any


class _Late(ModuleType):
    """Stands for a module until that is loaded, and hands on what it has from then on."""

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(import_module(self.__name__), name)


def import_late(name: str) -> None:
    """Let ``import name`` load that library when it is first used; nothing if it is loaded."""
    if name in sys.modules:
        return
    spec = find_spec(name)
    if spec is not None:
        sys.modules[name] = late = _Late(name)
        late.__spec__, late.__file__ = spec, spec.origin  # what those ask who look at all modules
