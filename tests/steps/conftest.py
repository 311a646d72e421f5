import pytest

from tests.events import scene
from tests.looking import look


@pytest.fixture
def cast(campaign, li, wang, zhou, zhang, sun, wu, zhao, chen, log):
    """Everybody, by the name the cases use; "nobody" is the portal itself. A test
    looks at what became of every unit's records."""
    look()
    return {
        "campaign": campaign, "li": li, "wang": wang, "zhou": zhou, "zhang": zhang, "sun": sun,
        "wu": wu, "zhao": zhao, "chen": chen, "entry": log(zhang), "nobody": None,
        "guests": [scene.guest(n) for n in range(1, 7)],
    }  # fmt: skip
