"""Rate limits, counted by each process for itself.

That is enough against guessing, and the processes need no shared state.
"""

from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

limiter = MovingWindowRateLimiter(MemoryStorage())
