"""Evidence and stage history in, a plan or a refusal out; pure."""
