"""Evaluation: a run beside the truth, as numbers whose definitions stand in docs/explanation/metrics.md."""
