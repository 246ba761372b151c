"""Speed and cost, each against a bare reference in the same run: `python -m benchmarks`. No time is asserted."""
