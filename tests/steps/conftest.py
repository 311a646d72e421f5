import pytest

from tests.events import scene


@pytest.fixture
def cast(campaign, li, wang, zhou, zhang, sun, wu, zhao, chen, log):
    """Everybody, by the name the cases use; "nobody" is the portal itself."""
    return {
        "campaign": campaign, "li": li, "wang": wang, "zhou": zhou, "zhang": zhang, "sun": sun,
        "wu": wu, "zhao": zhao, "chen": chen, "entry": log(zhang), "nobody": None,
        "guests": [scene.guest(n) for n in range(1, 7)],
    }  # fmt: skip
