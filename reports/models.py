"""Where Django looks for the models of an app: they stand in its rooms."""

from reports.boards import models as boards  # noqa: F401
from reports.library import models as library  # noqa: F401
from reports.papers import models as papers  # noqa: F401
