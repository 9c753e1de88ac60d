"""Operations on resources of every kind: by ARN, tags, outputs, notifications, counts."""
