"""Play the demo's story through the workflows: act runs them, emulate answers as GitHub's API, MLflow is a server."""

from __future__ import annotations

import shutil
import sys

from rich.text import Text

from demo.__main__ import play
from demo.stage import ROOT, StoryError
from demo.story import Story
from demo.voice import Voice
from tests.bed import act, emulate
from tests.bed.workflow_stage import workflow_stage

FOLDER = ROOT / "build" / "demo-actions"


def main() -> int:
    """Play five acts; exit 1 when something does not happen as it is told."""
    voice = Voice()
    missing = act.missing() or emulate.missing()
    if missing:
        voice.console.print(missing)
        return 1
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        with workflow_stage(FOLDER) as stage:
            stage.prepare()
            play(Story(stage=stage, voice=voice))
    except StoryError as error:
        voice.console.print(Text(f"\nThe story did not go as told: {error}", style="bold red"))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
