"""What the steps hand to each other: one versioned JSON document per step and model.

A record holds facts and findings, never rendered text; the report is a rendering of records.
"""

from mlgate.records.base import FORMAT, Code, DataFile, Record, Version
from mlgate.records.comparison import (
    ComparisonRecord,
    FilesComparison,
    FlippedRow,
    Flips,
    Hint,
    HoldoutUse,
    Interval,
    MetricResult,
    Promoted,
    Sampled,
    SliceResult,
)
from mlgate.records.diagnosis import Diagnosis, ModelHealth, Problem
from mlgate.records.drift import DomainClassifier, Drift, GiveAway
from mlgate.records.failure import FailureRecord
from mlgate.records.figures import Curve, Figures, Group, ModelFigures
from mlgate.records.importance import Importance, WeightedShift
from mlgate.records.monitoring import Measured, Monitoring, ReferenceValue, Window, WindowResult
from mlgate.records.planning import Plan, PlannedRule
from mlgate.records.policy import Direction, PolicyChange, PolicyDifference
from mlgate.records.promotion import Operation, PromotionRecord
from mlgate.records.training import Environment, TrainingCurve, TrainingRecord
from mlgate.records.validation import BadRow, Bar, ColumnShift, Engine, FileValidation, ValidationRecord, Violation
from mlgate.records.verification import FileFormat, Verification

STEPS: tuple[type[Record], ...] = (ValidationRecord, TrainingRecord, ComparisonRecord, PromotionRecord)

__all__ = [
    "FORMAT",
    "STEPS",
    "BadRow",
    "Bar",
    "Code",
    "ColumnShift",
    "ComparisonRecord",
    "Curve",
    "DataFile",
    "Diagnosis",
    "Direction",
    "DomainClassifier",
    "Drift",
    "Engine",
    "Environment",
    "FailureRecord",
    "Figures",
    "FileFormat",
    "FileValidation",
    "FilesComparison",
    "FlippedRow",
    "Flips",
    "GiveAway",
    "Group",
    "Hint",
    "HoldoutUse",
    "Importance",
    "Interval",
    "Measured",
    "MetricResult",
    "ModelFigures",
    "ModelHealth",
    "Monitoring",
    "Operation",
    "Plan",
    "PlannedRule",
    "PolicyChange",
    "PolicyDifference",
    "Problem",
    "Promoted",
    "PromotionRecord",
    "Record",
    "ReferenceValue",
    "Sampled",
    "SliceResult",
    "TrainingCurve",
    "TrainingRecord",
    "ValidationRecord",
    "Verification",
    "Version",
    "Violation",
    "WeightedShift",
    "Window",
    "WindowResult",
]
