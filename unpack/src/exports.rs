//! The exports for JavaScript: memory for the packed bytes, and the unpacked bytes.
//!
//! The memory is statics, so that no allocator is needed. They take no bytes of the file.
#![expect(unsafe_code, reason = "an exported name counts as unsafe; there is no other unsafe code")]

use core::sync::atomic::AtomicU8;

static PACKED: [AtomicU8; 1 << 18] = [const { AtomicU8::new(0) }; _];
static STREAMS: [AtomicU8; 1 << 20] = [const { AtomicU8::new(0) }; _];
static UNPACKED: [AtomicU8; 1 << 20] = [const { AtomicU8::new(0) }; _];

/// The address for the packed bytes, at most 256 KiB.
#[unsafe(no_mangle)]
extern "C" fn packed() -> *const AtomicU8 {
    PACKED.as_ptr()
}

/// Unpacks them to `size` bytes, at most 1 MiB, and returns the address of these.
#[unsafe(no_mangle)]
extern "C" fn unpack(size: usize) -> *const AtomicU8 {
    crate::unpack(&PACKED, &STREAMS, UNPACKED.get(..size).unwrap_or_default());
    UNPACKED.as_ptr()
}

/// The compiler requires a panic handler. This code never panics.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
