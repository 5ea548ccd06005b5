"""The names of the tags that mlgate puts on runs and versions: how it finds again what it wrote."""

from __future__ import annotations

PREFIX = "mlgate."

# what made it
MODEL = PREFIX + "model"
VERSION = PREFIX + "version"  # of mlgate
REPOSITORY = PREFIX + "repository"
PULL_REQUEST = PREFIX + "pull_request"
HEAD_SHA = PREFIX + "head_sha"
COMMIT = PREFIX + "commit"
DIRTY = PREFIX + "dirty"
ACTOR = PREFIX + "actor"
RUN_URL = PREFIX + "run_url"
RUN_TAG = PREFIX + "run"

# what a candidate is, and how it was judged
INPUTS = PREFIX + "inputs"
CONFIG = PREFIX + "config"
GATE = PREFIX + "gate"
MANIFEST = PREFIX + "manifest"
EVIDENCE = PREFIX + "evidence"
VERDICT = PREFIX + "verdict"
DECIDED_BY = PREFIX + "decided_by"
COMPARED_WITH = PREFIX + "compared_with"
HELD_OUT = PREFIX + "held_out."  # and the digest of the rows: the ledger of their uses
SHA256 = PREFIX + "sha256"  # of a data file, beside MLflow's shorter digest

# an entry of the stage history
OPERATION = PREFIX + "operation"
STAGE = PREFIX + "stage"
BASE = PREFIX + "base"
CANDIDATE = PREFIX + "candidate"
CANDIDATE_RUN = PREFIX + "candidate_run"
TRAINED_AT = PREFIX + "trained_at"  # the commit that was reviewed; COMMIT is the one that was merged
MEASURED = PREFIX + "measured"  # the metrics that decided, and the held-out rows' digest
MADE_FROM = PREFIX + "made_from"  # digest of code, configuration and data
ORIGINAL = PREFIX + "original"
ADOPTED = PREFIX + "adopted"  # of the first entry: the digest of what was there before mlgate came
REASON = PREFIX + "reason"
ASKED = PREFIX + "asked"  # what a rollback was told to go back to
FENCES = PREFIX + "fences"  # the digest of the files that a rollback went back from
FENCES_SOURCE = PREFIX + "fences_source"  # and of what they were made from: training it again gives other bytes
KEY = PREFIX + "key"  # tells an entry that a retried request appended twice from that of a rival
CONFIRMED = PREFIX + "confirmed"
ARCHIVED = PREFIX + "archived"
STALE = PREFIX + "stale"
