//! What JavaScript sees: room for the packed bytes, and what came of them.
//!
//! The room is two statics, so that no allocator is needed; they are no bytes of the file.
#![expect(
    unsafe_code,
    reason = "a name in the module's exports counts as unsafe; nothing else here is"
)]

use core::sync::atomic::AtomicU8;

static PACKED: [AtomicU8; 1 << 18] = [const { AtomicU8::new(0) }; _];
static UNPACKED: [AtomicU8; 1 << 20] = [const { AtomicU8::new(0) }; _];

/// Where the packed bytes are put, at most 256 KiB of them.
#[unsafe(no_mangle)]
extern "C" fn packed() -> *const AtomicU8 {
    PACKED.as_ptr()
}

/// Unpacks them to `size` bytes, at most 1 MiB, and says where these are.
#[unsafe(no_mangle)]
extern "C" fn unpack(size: usize) -> *const AtomicU8 {
    crate::unpack(&PACKED, UNPACKED.get(..size).unwrap_or_default());
    UNPACKED.as_ptr()
}

/// Nothing here panics; the compiler wants to know what would happen.
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    core::arch::wasm32::unreachable()
}
