"""Promotion: what the campaigns assert is shown with its values."""

from __future__ import annotations

import pytest

pytest.register_assert_rewrite("tests.integration.promotion.campaign", "tests.integration.promotion.racing")
