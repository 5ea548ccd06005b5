"""Play the story: `python -m demo [FOLDER]`; exit 1 when something does not happen as it is told."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from rich.text import Text

from demo.service import Service
from demo.stage import ROOT, Stage, StoryError
from demo.story import Story
from demo.voice import Voice


def main() -> int:
    """Play five acts in FOLDER (default build/demo), and say where what happened can be looked at."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build" / "demo"
    voice = Voice()
    story = Story(stage=Stage(folder.absolute()), voice=voice)
    try:
        story.stage.prepare()
        play(story)
    except StoryError as error:
        voice.console.print(Text(f"\nThe story did not go as told: {error}", style="bold red"))
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def play(story: Story) -> None:
    """Play the acts in order."""
    story.voice.say(f"A model repository, in five acts. {story.stage.cast}")
    story.first_model()
    with Service(story.stage) as service:
        first = story.better(service)
        story.worse(service)
        story.broken_data(service)
        story.in_use(service)
        story.rollback(service, first)
    epilogue(story)


def epilogue(story: Story) -> None:
    """Name the reports and the command that opens MLflow's UI."""
    voice, stage = story.voice, story.stage
    voice.say(f"The end, after {time.monotonic() - voice.started:.0f} seconds. The reports, one for each job that ran:")
    for report in sorted((stage.folder / "jobs").glob("*/.mlgate/report.html")):
        voice.console.print(Text(f"    {report}"), soft_wrap=True)
    voice.say("Everything that happened, in MLflow's own pages at http://127.0.0.1:5000:")
    voice.typed(stage.pages())


if __name__ == "__main__":
    sys.exit(main())
