//! Where `DONE_CALL` has the fields that questions are asked of.

use super::DONE_CALL;

/// The fields of a finished call.
pub const FIELDS: usize = DONE_CALL.fields.len();

#[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated by the compiler")]
const fn position(name: &str) -> usize {
    let mut at = 0;
    while at < FIELDS {
        if equal(DONE_CALL.fields[at].name.as_bytes(), name.as_bytes()) {
            return at;
        }
        at += 1;
    }
    panic!("no such field")
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn equal(one: &[u8], other: &[u8]) -> bool {
    let mut at = 0;
    while at < one.len() && at < other.len() && one[at] == other[at] {
        at += 1;
    }
    at == one.len() && at == other.len()
}

/// Id of the call.
pub const ID: usize = position("callInstanceId");
/// Task id.
pub const TASK: usize = position("callJobId");
/// The customer's number.
pub const TELEPHONE: usize = position("customerTelephone");
/// The customer's name.
pub const CUSTOMER: usize = position("customerName");
/// How the call ended.
pub const FINISH_STATUS: usize = position("finishStatus");
/// Talk time.
pub const DURATION: usize = position("duration");
/// How often the robot spoke.
pub const CHAT_ROUND: usize = position("chatRound");
/// When the call began.
pub const START: usize = position("startTime");
/// The caller's line.
pub const CALLER: usize = position("callerPhone");
/// Order in which calls ended.
pub const CALL_INDEX: usize = position("callIndex");
/// What the script found out.
pub const RESULTS: usize = position("resultList");
