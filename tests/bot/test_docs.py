"""The generated pages are what the registries say today."""

import pytest

from bot import docs
from bot.settings import Settings, setting_name


@pytest.mark.parametrize("path", docs.pages(), ids=lambda path: path.name)
def test_a_generated_page_is_current(path):
    assert path.read_text("utf-8") == docs.pages()[path], "run `make docs`"


def test_every_setting_is_listed_in_the_install_guide():
    page = (docs.DOCS / "install.md").read_text("utf-8")
    assert [name for name in Settings.model_fields if f"`{setting_name(name)}`" not in page] == []
