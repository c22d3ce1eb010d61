//! The allocator of both wasm files: TLSF, which takes a bounded number of steps for each allocation and has a fraction
//! of the bytes of the standard library's dlmalloc.

use rlsf::{GlobalTlsf, GlobalTlsfOptions};

#[global_allocator]
static ALLOCATOR: GlobalTlsf<Allocation> = GlobalTlsf::new();

struct Allocation;

impl GlobalTlsfOptions for Allocation {
    /// Growing in place costs more bytes than it saves time. Pools that touch are joined, which is the default: without
    /// that each large document would leave a pool of its own size behind.
    const ENABLE_REALLOCATION: bool = false;
}
