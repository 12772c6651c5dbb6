"""What Standby costs and how fast it is, measured: `python -m benchmarks --help`, docs/benchmarks.md."""
