"""Where Django looks for the models of an app: they stand in its rooms."""

from talent.pool import models as pool  # noqa: F401
from talent.youth import models as youth  # noqa: F401
