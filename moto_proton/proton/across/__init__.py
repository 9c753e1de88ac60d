"""What looks at resources of every kind: by ARN, tags, outputs, notifications, counts."""
