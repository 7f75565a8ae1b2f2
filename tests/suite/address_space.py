"""LLVM 16's sanitizers lay their shadow where a kernel with more than 28 random bits of mmap may have put
the program: it then aborts before main, now and then."""

import ctypes
from pathlib import Path

BITS = Path("/proc/sys/vm/mmap_rnd_bits")
MOST_BITS = 28
ADDR_NO_RANDOMIZE = 0x0040000


def randomizes_too_much(bits):
    """What a kernel does not tell (some show it to root alone) is taken for too much."""
    try:
        return int(bits.read_text()) > MOST_BITS
    except FileNotFoundError:
        return False
    except PermissionError:
        return True


def steady_addresses(step, bits=BITS):
    """True where sanitized programs can start. On a kernel that randomizes too much, it first takes the
    randomness from this process, which hands that on to all it starts."""
    if not randomizes_too_much(bits):
        return True
    if ctypes.CDLL(None).personality(ADDR_NO_RANDOMIZE) != -1:
        print(f"  {step.name}: vm.mmap_rnd_bits is or may be over {MOST_BITS}: runs without address randomization", flush=True)
        return True
    step.failed += 1
    print(f"--- {step.name}: vm.mmap_rnd_bits is or may be over {MOST_BITS}, with which LLVM 16's sanitizers abort at random",
          f"--- run as root: sysctl -w vm.mmap_rnd_bits={MOST_BITS}", sep="\n", flush=True)
    return False
