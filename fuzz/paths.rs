//! Bodies made of any bytes: the fast path and the general path give the same rows, the same report and
//! the same snapshot. A finding becomes a case of `tests/native/table/spellings.rs`.
#![no_main]

#[path = "../tests/native/table/paths.rs"]
mod paths;

use byrobot_calls::table::Table;
use libfuzzer_sys::{Corpus, fuzz_target};

// The first byte says what stands around the rows; bodies that follow each other lie between bytes
// that no JSON has.
fuzz_target!(|input: &[u8]| -> Corpus {
    let Some((form, input)) = input.split_first() else { return Corpus::Reject };
    let [before, after]: [&[u8]; 2] = match form {
        b'l' => [br#"{"code":200,"data":["#, b"]}"],
        b'p' => [br#"{"code":200,"data":{"total":3,"list":["#, b"]}}"],
        b'b' => [b"", b""],
        _ => return Corpus::Reject,
    };
    let (mut fast, mut slow) = (Table::default(), Table::default());
    for rows in input.split(|byte| *byte == 1) {
        let body = [before, rows, after].concat();
        // The body that goes by the general path is made by a member before the others.
        let begins = body.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'{');
        if begins && !rest_is_empty(&body) {
            let _ = paths::read_both(&mut fast, &mut slow, &body);
        }
    }
    Corpus::Keep
});

/// Whether an object ends where it begins.
fn rest_is_empty(body: &[u8]) -> bool {
    let mut bytes = body.iter().filter(|byte| !byte.is_ascii_whitespace()).skip(1);
    bytes.next() == Some(&b'}')
}
