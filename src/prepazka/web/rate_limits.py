"""How often one caller may try what must not be tried at will: counted by each process for itself.

Enough against guessing, and nothing to keep in step between processes.
"""

from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

limiter = MovingWindowRateLimiter(MemoryStorage())
