//! Fuzz target: for any body, the fast path and the general path give the same rows, the same report, the same
//! snapshot, and the same answer of a call. A finding becomes a case of `tests/native/table/spellings.rs`.
#![no_main]

#[path = "../tests/native/table/paths.rs"]
mod paths;

use byrobot_calls::table::Table;
use libfuzzer_sys::{Corpus, fuzz_target};

// The first byte selects what is around the rows. The byte 1, which JSON does not allow, separates consecutive
// bodies.
fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((form, input)) = input.split_first() else { return Corpus::Reject };
    let [before, after]: [&[u8]; 2] = match form {
        b'l' => [br#"{"code":200,"data":["#, b"]}"],
        b'p' => [br#"{"code":200,"data":{"total":3,"list":["#, b"]}}"],
        b'b' => [b"", b""],
        _ => return Corpus::Reject,
    };
    let (mut fast, mut general) = (Table::default(), Table::default());
    for rows in input.split(|byte| *byte == 1) {
        let body = [before, rows, after].concat();
        // `paths::general_body` inserts a first member, so the body must be an object that is not empty.
        let is_object = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if is_object && !is_empty_object(&body) {
            let _ = paths::read_both(&mut fast, &mut general, &body);
            paths::page_of_both(&body);
        }
    }
    Corpus::Keep
});

/// Whether the object at the start of a body is empty.
fn is_empty_object(body: &[u8]) -> bool {
    let mut bytes = body.iter().filter(|byte| !byte.is_ascii_whitespace()).skip(1);
    bytes.next() == Some(&b'}')
}
