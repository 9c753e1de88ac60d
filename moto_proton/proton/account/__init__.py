"""What every resource of an account and region uses: names, tags, requests, time, faults."""
