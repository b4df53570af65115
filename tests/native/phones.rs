//! Telephone numbers as `tests/phones.json` has them, which the proxy's tests read, too.

use byrobot_calls::phone::{Search, mask_number, mask_text, own_digits};
use byrobot_calls::redact::redact;
use serde_json::Value;

fn cases(kind: &str) -> Vec<Value> {
    let all: Value = serde_json::from_str(include_str!("../phones.json")).unwrap();
    all[kind].as_array().unwrap().clone()
}

#[test]
fn a_number_keeps_its_ends() {
    for case in cases("number") {
        assert_eq!(mask_number(case[0].as_str().unwrap()), case[1], "{case}");
    }
}

#[test]
fn a_text_loses_every_number_and_keeps_dates() {
    for case in cases("text") {
        let text = case[0].as_str().unwrap();
        // JSON in a text is the CSV's and the proxy's.
        if text.starts_with(['{', '[']) {
            continue;
        }
        let own = own_digits(case[2].as_str().unwrap_or_default());
        assert_eq!(mask_text(text, Search { own: &own, id: &[], all: true }), case[1], "{case}");
    }
}

#[test]
fn our_messages_lose_all_of_a_number() {
    for (text, redacted) in [
        ("号码 139 - 1234 - 5678 不存在", "号码 *** 不存在"),
        ("١٣٩١٢٣٤٥٦٧٨!", "***!"),
        ("时间 2018-01-25 08:00", "时间 2018-01-25 08:00"),
        ("0571.8888.0000 转 8", "*** 转 8"),
    ] {
        assert_eq!(redact(text, &[]), redacted);
    }
}

#[test]
fn a_link_keeps_the_calls_id() {
    for case in cases("link") {
        let (own, id) = (own_digits(case[2].as_str().unwrap()), case[3].to_string());
        let search = Search { own: &own, id: id.as_bytes(), all: true };
        assert_eq!(mask_text(case[0].as_str().unwrap(), search), case[1], "{case}");
    }
}
