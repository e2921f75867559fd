import pytest

from tests.report.traced import traced_run


@pytest.fixture(scope="session")
def run(tmp_path_factory):
    """A small traced run of the referral market."""
    return traced_run(str(tmp_path_factory.mktemp("traced")))
