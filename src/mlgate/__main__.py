"""`python -m mlgate`: the edge where every failure becomes one message and one exit code."""

from __future__ import annotations

import signal
import sys
import traceback

from mlgate.errors import ConfigError, ExitCode, MlgateError


def main() -> None:
    """Run the command line and leave with its exit code; a runner that cancels the job is heeded like Ctrl-C."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:  # noqa: PLR0911 (each way to end has its code)
    """Run one command and return its exit code; only a bug shows a traceback."""
    import click

    from mlgate.cli.main import main as group

    try:
        result = group.main(arguments, prog_name="mlgate", standalone_mode=False, auto_envvar_prefix="MLGATE")
    except MlgateError as error:
        _say(f"error: {error.message}\n  → {error.hint}")
        _annotate(error)
        return error.exit_code
    except click.Abort:
        _say("interrupted: run the same command again; what was half done is finished or left as it was")
        return 130
    except click.ClickException as error:
        error.show()
        return ExitCode.REQUEST
    except (
        SystemExit
    ) as error:  # only code of the user's ends a process in the midst of a command, and rich a closed pipe
        if isinstance(error.__context__, BrokenPipeError):
            return ExitCode.OUTSIDE
        _say(f"error: something ended mlgate with code {error.code}\n  → find the exit() in your schema or its checks")
        return ExitCode.REQUEST
    except BrokenPipeError:
        return ExitCode.OUTSIDE
    except Exception:  # noqa: BLE001 (the outermost edge)
        traceback.print_exc()
        _say("error: this is a bug in mlgate\n  → please report it with the lines above")
        return ExitCode.BUG
    return result if isinstance(result, int) else ExitCode.PASSED


def _annotate(error: MlgateError) -> None:
    from mlgate.adapters.git import place_of
    from mlgate.adapters.runner import Runner, annotate, read_runner

    try:
        around = read_runner()
    except MlgateError:
        around = Runner()
    if around.on_actions:
        place = place_of(error.file, error.line) if isinstance(error, ConfigError) and error.file else None
        annotate(around, "error", f"{error.message}; {error.hint}", place=place)


def _say(message: str) -> None:
    from mlgate.adapters.log import plain

    sys.stderr.write(plain(message) + "\n")


if __name__ == "__main__":
    main()
