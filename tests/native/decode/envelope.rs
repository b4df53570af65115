//! Envelopes in every spelling. Not here: the errors of refused answers (`errors.rs`).

use byrobot_calls::decode::Envelope;
use byrobot_calls::json::{Value, parse};
use serde_json::json;

use super::{bytes, read};

/// The fixtures of this file, in the order of its tests.
pub(super) const FILES: [&str; 5] =
    ["code-as-text", "request-id", "message-as-msg", "gateway-message", "refused"];

/// The envelope of a fixture without its data, and the data.
fn open(file: &str) -> (Envelope, Value) {
    let body = parse(&bytes(&format!("envelope/{file}"))).unwrap();
    let mut envelope = Envelope::open(body).unwrap();
    let data = std::mem::take(&mut envelope.data);
    (envelope, data)
}

fn is_empty_page(data: &Value) -> bool {
    let empty = json!({ "pageNum": 1, "pageSize": 10, "total": 0, "pages": 0, "list": [] });
    read("getTasks", data).is_ok_and(|page| page == empty)
}

#[test]
fn a_code_that_is_text_is_read_as_a_number() {
    let (envelope, data) = open("code-as-text");
    let message = Some("操作成功".to_owned());
    let expected = Envelope { code: Some(200), message, ..Envelope::default() };
    assert_eq!(envelope, expected);
    assert!(is_empty_page(&data));
}

#[test]
fn the_request_id_of_later_servers_is_read() {
    let (envelope, data) = open("request-id");
    let expected = Envelope {
        code: Some(200),
        message: Some("操作成功".to_owned()),
        request_id: Some("20200611-000042".to_owned()),
        ..Envelope::default()
    };
    assert_eq!(envelope, expected);
    assert!(is_empty_page(&data));
}

#[test]
fn a_message_called_msg_is_read_as_the_message() {
    let (envelope, data) = open("message-as-msg");
    let message = Some("成功".to_owned());
    let expected = Envelope { code: Some(200), message, ..Envelope::default() };
    assert_eq!(envelope, expected);
    assert!(is_empty_page(&data));
}

#[test]
fn the_answer_of_a_gateway_has_a_message_and_no_code() {
    let (envelope, data) = open("gateway-message");
    let message = Some("upstream is not available".to_owned());
    assert_eq!(envelope, Envelope { message, ..Envelope::default() });
    assert_eq!(data, Value::Null);
}

#[test]
fn the_servers_stack_trace_is_never_read() {
    let (envelope, data) = open("refused");
    let message = Some("时间选择不对".to_owned());
    assert_eq!(envelope, Envelope { code: Some(408), message, ..Envelope::default() });
    assert_eq!(data, Value::Null);
    assert!(!format!("{envelope:?}").contains("com.example"));
}

#[test]
fn result_msg_is_the_message_wherever_it_stands() {
    for body in [
        r#"{"msg":"b","resultMsg":"a","message":"c"}"#,
        r#"{"resultMsg":"a","message":"c"}"#,
        r#"{"message":"a","msg":"b","resultMsg":null}"#,
    ] {
        let envelope = Envelope::open(parse(body.as_bytes()).unwrap()).unwrap();
        assert_eq!(envelope.message.as_deref(), Some("a"), "{body}");
    }
}

#[test]
fn a_body_that_is_not_an_object_has_no_envelope() {
    for body in ["[]", "null", "200", "\"200\"", "true"] {
        assert_eq!(Envelope::open(parse(body.as_bytes()).unwrap()), None, "{body}");
    }
}

#[test]
fn numbers_with_exponents_are_integers_in_the_envelope_in_pages_and_in_rows() {
    let body = br#"{"code":2.00E2,"requestId":1.5E1,"data":{"total":5.1e1,"pages":"2.0","pageNum":10e-1,
        "list":[{"callInstanceId":5.402053814E9,"duration":2.7E1,"finishStatus":0E0,"callJobId":"6.2E1"}]}}"#;
    let envelope = Envelope::open(parse(body).unwrap()).unwrap();
    assert_eq!((envelope.code, envelope.request_id.as_deref()), (Some(200), Some("15")));
    let page = read("queryDoneTaskPhones", &envelope.data).unwrap();
    let numbers = ["total", "pages", "pageNum"].map(|name| page[name].as_i64());
    assert_eq!(numbers, [Some(51), Some(2), Some(1)]);
    let row = &page["list"][0];
    let numbers = ["callInstanceId", "duration", "finishStatus", "callJobId"];
    let numbers = numbers.map(|name| row[name].as_i64());
    assert_eq!(numbers, [Some(5_402_053_814), Some(27), Some(0), Some(62)]);
    assert!(row.get("extra").is_none());
}
