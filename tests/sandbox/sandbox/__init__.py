"""A small Slack and a small CodePipeline in one program: ringi's other side in tests and in the demo.

It shares no code with ringi, so that a misreading of a protocol cannot hide on both sides.
"""
