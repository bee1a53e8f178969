"""Pictures of progress as PNG: one course with its modules, and the last 30 days.

Pure functions without the event loop: call them in ``asyncio.to_thread``.
"""
