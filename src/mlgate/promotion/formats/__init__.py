"""Which files of a model can be loaded without running code that came with them; pure."""

from mlgate.promotion.formats.judge import judge, judge_files
from mlgate.promotion.formats.values import Format, Loading, ModelFile

__all__ = ["Format", "Loading", "ModelFile", "judge", "judge_files"]
