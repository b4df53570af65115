//! Invalid filters and orders: the error names the path and the expected value.

use byrobot_calls::compute::{Filter, Order};
use byrobot_calls::error::ErrorKind;
use serde_json::json;

use super::value;

#[test]
fn an_invalid_filter_is_refused_with_its_path() {
    for (invalid, path) in [
        (json!(null), "filter"),
        (json!([]), "filter"),
        (json!({ "durations": {} }), "filter.durations"),
        (json!({ "callJobId": "62" }), "filter.callJobId"),
        (json!({ "callJobId": 1.5 }), "filter.callJobId"),
        (json!({ "callJobId": 9_007_199_254_740_992.0 }), "filter.callJobId"),
        (json!({ "callerPhone": 571 }), "filter.callerPhone"),
        (json!({ "duration": { "from": 5 } }), "filter.duration.from"),
        (json!({ "duration": { "min": "5" } }), "filter.duration.min"),
        (json!({ "chatRound": { "max": [5] } }), "filter.chatRound.max"),
        (json!({ "startTime": "2024-02-29" }), "filter.startTime"),
        (json!({ "startTime": { "from": "2023-02-29" } }), "filter.startTime.from"),
        (json!({ "startTime": { "from": "2024-02-29T01:30:00+25:00" } }), "filter.startTime.from"),
        (json!({ "startTime": { "to": "" } }), "filter.startTime.to"),
        (json!({ "startTime": { "to": true } }), "filter.startTime.to"),
        (json!({ "hourOfDay": [24] }), "filter.hourOfDay"),
        (json!({ "hourOfDay": [-9_007_199_254_740_991_i64] }), "filter.hourOfDay"),
        (json!({ "hourOfDay": [9.5] }), "filter.hourOfDay"),
        (json!({ "weekday": [0] }), "filter.weekday"),
        (json!({ "weekday": [8] }), "filter.weekday"),
        (json!({ "intentLevel": ["a"] }), "filter.intentLevel"),
        (json!({ "results": { "name": "x", "values": [] } }), "filter.results"),
        (
            json!({ "results": [{ "name": "x", "values": [] }, { "values": [] }] }),
            "filter.results[1].name",
        ),
        (json!({ "results": [{ "name": "x" }] }), "filter.results[0].values"),
        (json!({ "results": [{ "name": "x", "values": [5] }] }), "filter.results[0].values"),
        (json!({ "results": [{ "name": "x", "value": "y" }] }), "filter.results[0].value"),
        (json!({ "text": 138 }), "filter.text"),
        (json!({ "not": [] }), "filter.not"),
        (json!({ "not": { "weekday": 0 } }), "filter.not.weekday"),
        (json!({ "not": null }), "filter.not"),
        (json!({ "anyOf": null }), "filter.anyOf"),
        (json!({ "duration": "5" }), "filter.duration"),
        (json!({ "duration": 5.5 }), "filter.duration"),
        (json!({ "duration": [[5]] }), "filter.duration"),
        (json!({ "date": "2024-02-30" }), "filter.date"),
        (json!({ "date": "2024-02-29 09:30:00" }), "filter.date"),
        (json!({ "date": 1_709_136_000_000_i64 }), "filter.date"),
        (json!({ "results": [null] }), "filter.results[0]"),
        (json!({ "results": [{ "name": null, "values": [] }] }), "filter.results[0].name"),
        (json!({ "results": [{ "name": "x", "values": null }] }), "filter.results[0].values"),
        (json!({ "anyOf": {} }), "filter.anyOf"),
        (json!({ "anyOf": [{}, { "not": { "text": 5 } }] }), "filter.anyOf[1].not.text"),
        (json!({ "anyOf": [null] }), "filter.anyOf[0]"),
    ] {
        let error = Filter::read(&value(&invalid), "filter").expect_err(&invalid.to_string());
        assert_eq!(error.kind, ErrorKind::InvalidArgument, "{invalid}");
        assert_eq!(error.path.as_deref(), Some(path), "{invalid}: {}", error.message);
    }
}

#[test]
fn the_error_names_the_type_that_was_given_instead_of_a_filter() {
    for (invalid, path, message) in [
        (json!(null), "filter", "filter: expected a filter, an object, not null"),
        (json!([]), "filter", "filter: expected a filter, an object, not an array"),
        (json!({ "not": null }), "not", "not: expected a filter, an object, not null"),
        (
            json!({ "anyOf": [{}, null] }),
            "anyOf[1]",
            "anyOf[1]: expected a filter, an object, not null",
        ),
        (json!({ "anyOf": null }), "anyOf", "anyOf: expected an array, not null"),
    ] {
        let error = Filter::read(&value(&invalid), "").unwrap_err();
        assert_eq!((error.path.as_deref(), error.message.as_str()), (Some(path), message));
    }
}

#[test]
fn nan_is_refused_as_a_bound_and_infinity_is_no_bound() {
    use byrobot_calls::json::Value;
    let bounds = |numeral: &str| {
        let bound = Value::Object(vec![("max".to_owned(), Value::Numeral(numeral.to_owned()))]);
        Filter::read(&Value::Object(vec![("duration".to_owned(), bound)]), "filter")
    };
    assert_eq!(bounds("NaN").unwrap_err().path.as_deref(), Some("filter.duration.max"));
    assert_eq!(bounds("Infinity").unwrap(), super::filter(&json!({ "duration": {} })));
    assert_eq!(bounds("9007199254740992").unwrap(), super::filter(&json!({ "duration": {} })));
}

#[test]
fn the_error_of_an_unknown_key_lists_the_known_keys() {
    let error = Filter::read(&value(&json!({ "hour": [9] })), "filter").unwrap_err();
    for key in [
        "callJobId",
        "finishStatus",
        "callerPhone",
        "duration",
        "chatRound",
        "startTime",
        "hourOfDay",
        "weekday",
        "date",
        "intentLevel",
        "results",
        "text",
        "not",
        "anyOf",
    ] {
        assert!(error.message.contains(key), "{key}: {}", error.message);
    }
}

#[test]
fn filters_may_be_nested_32_deep() {
    let nested = |depth: usize| (1..depth).fold(json!({}), |filter, _| json!({ "not": filter }));
    Filter::read(&value(&nested(32)), "filter").unwrap();
    let error = Filter::read(&value(&nested(33)), "filter").unwrap_err();
    assert!(error.message.contains("deep"), "{}", error.message);
}

#[test]
fn sorting_by_an_unknown_field_is_refused() {
    for name in ["", "extra", "somethingElse", "Duration"] {
        assert_eq!(Order::by(name, false).unwrap_err().path.as_deref(), Some("sortBy"), "{name}");
    }
}
