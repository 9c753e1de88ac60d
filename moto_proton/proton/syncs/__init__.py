"""What follows a repository: sync configurations, pushes, attempts and blockers."""
