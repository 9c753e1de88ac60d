"""What moto_proton costs, measured against moto and botocore: ``python -m benchmarks``."""
