"""What is shown to people: outcomes, tables and checks, computed from what happened."""

from sim.late import import_late

import_late("pandas")
