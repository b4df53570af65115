//! The JSON reader and writer at their limits. Generated JSON is in `properties.rs`.
//!
//! `serde_json` is the reference. The intended differences: bytes that are not UTF-8 and lone surrogates become U+FFFD,
//! a byte order mark is skipped, nesting ends at 96, numerals of any size are read, and a numeral whose exact value
//! is a safe integer is an integer.

mod properties;

use byrobot_calls::json::{
    Flaw, JsonReader, MAX_DEPTH, MAX_SAFE_INTEGER, Malformed, Value, exact_integer, parse, to_text,
};

#[test]
fn the_exact_integer_of_a_numeral_is_found_and_other_texts_have_none() {
    for (text, integer) in [
        ("27", 27),
        ("+27", 27),
        ("007", 7),
        ("7.", 7),
        ("-0", 0),
        ("0E0", 0),
        ("0.000e-99999999999999999999", 0),
        ("5.402053814E9", 5_402_053_814),
        ("9007199254740991.0", MAX_SAFE_INTEGER),
        ("9223372036854775807", i64::MAX),
        // Beyond 64 bits.
        ("9223372036854775808", i64::MAX),
        ("-1e400", -i64::MAX),
        ("1e99999999999999999999", i64::MAX),
        ("123456789012345678901234567890e-1", i64::MAX),
    ] {
        assert_eq!(exact_integer(text), Some(integer), "{text}");
    }
    let none = ["", "-", ".5", "1.5", "1e-1", "15e-99999999999999999999", "1e", "1e+", "1e1.5"];
    for text in none.into_iter().chain(["1e5e5", "--1", "1 2", "0x1", "１", "Infinity", "1_000"]) {
        assert_eq!(exact_integer(text), None, "{text}");
    }
}

#[test]
fn a_numeral_at_the_limits_of_integers_is_an_integer_only_if_it_is_exact() {
    for (numeral, expected) in [
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        ("-0", Value::Int(0)),
        ("-0.0", Value::Int(0)),
        ("1E+2", Value::Int(100)),
        ("9007199254740991.0", Value::Int(MAX_SAFE_INTEGER)),
    ] {
        assert_eq!(parse(numeral.as_bytes()), Ok(expected), "{numeral}");
    }
    for numeral in [
        "9223372036854775808",
        "-9223372036854775809",
        "0.1",
        "9007199254740992.0",
        "9007199254740993.0",
        "1E+16",
        "1e999999999999",
        "5e-324",
    ] {
        assert_eq!(parse(numeral.as_bytes()), Ok(Value::Numeral(numeral.to_owned())), "{numeral}");
    }
}

#[test]
fn text_that_resembles_json_is_refused_at_the_wrong_byte() {
    for (text, offset) in [
        ("{\"a\":1,}", 7),
        ("[1,]", 3),
        ("[1 2]", 3),
        ("{a:1}", 1),
        ("{'a':1}", 1),
        ("01", 1),
        ("-01", 2),
        ("+1", 0),
        (".5", 0),
        ("[1.]", 3),
        ("1.e5", 2),
        ("[1e]", 3),
        ("NaN", 0),
        ("[nul]", 4),
        ("\"a\nb\"", 2),
        ("\"\\x\"", 2),
        ("\"\\u12g4\"", 5),
        ("{} {}", 3),
        ("// note\n1", 0),
        ("\u{a0}1", 0),
    ] {
        let expected = Malformed { offset, flaw: Flaw::Syntax };
        assert_eq!(parse(text.as_bytes()), Err(expected), "{text}");
    }
    for control in 0..0x20 {
        let refused = Malformed { offset: 2, flaw: Flaw::Syntax };
        assert_eq!(parse(&[b'"', b'a', control, b'"']), Err(refused), "{control}");
    }
    assert_eq!(parse(b""), Err(Malformed { offset: 0, flaw: Flaw::CutOff }));
    assert_eq!(parse(b" \n"), Err(Malformed { offset: 2, flaw: Flaw::CutOff }));
}

#[test]
fn bytes_that_are_no_text_become_replacement_characters() {
    for (bytes, expected) in [
        (&b"\"a\xFFb\""[..], "a\u{fffd}b"),
        (b"\"\xE7\x94\"", "\u{fffd}"),
        (b"\"\xC3\\n\"", "\u{fffd}\n"),
        (br#""\ud83d""#, "\u{fffd}"),
        (br#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        (br#""\ud83dx""#, "\u{fffd}x"),
        (br#""\ud83d\n""#, "\u{fffd}\n"),
        (br#""\ud83d\ud83d\ude00""#, "\u{fffd}😀"),
        (br#""\u7532""#, "甲"),
    ] {
        assert_eq!(parse(bytes), Ok(Value::Text(expected.to_owned())));
    }
    assert!(parse(b"{\xFF}").is_err());
}

#[test]
fn a_byte_order_mark_before_the_value_is_skipped() {
    assert_eq!(parse(b"\xEF\xBB\xBF {}"), Ok(Value::Object(Vec::new())));
    let twice = Malformed { offset: 3, flaw: Flaw::Syntax };
    assert_eq!(parse(b"\xEF\xBB\xBF\xEF\xBB\xBF{}"), Err(twice));
    assert!(parse(b"{}\xEF\xBB\xBF").is_err());
}

#[test]
fn nesting_beyond_the_limit_is_refused_without_exhausting_the_stack() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let most = usize::try_from(MAX_DEPTH).unwrap();
    assert!(parse(nested(most).as_bytes()).is_ok());
    let list = format!("[{}]", vec![nested(most - 1); 200].join(","));
    assert!(parse(list.as_bytes()).is_ok(), "the depth decreases at the end of a value");
    let refused = |offset| Err(Malformed { offset, flaw: Flaw::TooDeep });
    assert_eq!(parse(nested(most + 1).as_bytes()), refused(most));
    let deep = format!("{}1{}", "[{\"a\": ".repeat(100_000), " } ]".repeat(100_000));
    assert_eq!(parse(deep.as_bytes()), refused(most / 2 * 7));
}

#[test]
fn values_nested_too_deep_are_still_checked_for_syntax() {
    for (text, flaw) in [
        ("[{\"a\":".repeat(1_000_000), Flaw::CutOff),
        (format!("{}]", "[".repeat(200)), Flaw::CutOff),
        (format!("{}{}", "[".repeat(200), "]".repeat(201)), Flaw::Syntax),
        (format!("{}1,{}", "[".repeat(200), "]".repeat(200)), Flaw::Syntax),
        (format!("{}{{}}{}", "[".repeat(200), "]".repeat(200)), Flaw::TooDeep),
        (format!("{}{{1:2}}{}", "[".repeat(200), "]".repeat(200)), Flaw::Syntax),
        (format!("{}{{\"a\":1 2}}{}", "[".repeat(200), "]".repeat(200)), Flaw::Syntax),
        (format!("{}{{\"a\":1}}}}{}", "[".repeat(200), "]".repeat(199)), Flaw::Syntax),
        (format!("{}1 , \"]\" , {{ }}{}", "[".repeat(200), " ]".repeat(200)), Flaw::TooDeep),
    ] {
        assert_eq!(parse(text.as_bytes()).unwrap_err().flaw, flaw, "{text:.300}");
    }
}

#[test]
fn only_values_nested_too_deep_are_left_out() {
    let deep = |depth: usize| format!("{}0{}", "[".repeat(depth), "]".repeat(depth));
    let text = format!(r#"{{"a":1,"deep":{},"b":{},"c":2}}"#, deep(200), deep(95));
    let mut reader = JsonReader::new(text.as_bytes());
    let value = reader.whole().unwrap();
    assert_eq!(reader.too_deep, Some(r#"{"a":1,"deep":"#.len() + 95));
    assert!(value.is_too_deep() && value.get("deep").unwrap().is_too_deep());
    assert_eq!(value.get("b"), parse(deep(95).as_bytes()).ok().as_ref());
    assert_eq!(value.get("c"), Some(&Value::Int(2)));
}

#[test]
fn the_position_of_the_first_byte_that_is_not_utf8_is_reported() {
    for (bytes, position) in [
        (&b"{\"a\":\"b\"}"[..], None),
        (b"[\"\xE7\x94\xB2\",\"a\xE7\x94\",\"\xFF\"]", Some(9)),
        (b"{\"\xD6\xD0\":1}", Some(2)),
        (b"\xEF\xBB\xBF\"\xFF\"", Some(4)),
        // A lone surrogate in an escape is UTF-8.
        (b"\"\\ud83d\"", None),
    ] {
        let mut reader = JsonReader::new(bytes);
        reader.whole().unwrap();
        assert_eq!(reader.not_utf8, position);
    }
}

#[test]
fn when_a_key_is_repeated_the_last_value_counts_and_all_are_kept() {
    let value = parse(br#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(value.get("a"), Some(&Value::Int(3)));
    let Value::Object(fields) = value else { panic!("an object") };
    assert_eq!(fields.len(), 3);
}

#[test]
fn written_text_is_compact_and_escapes_only_necessary_characters() {
    let value = Value::Object(vec![
        ("名\"".to_owned(), Value::List(vec![Value::Int(-1), Value::Bool(true), Value::Null])),
        ("\n".to_owned(), Value::Text("\\/\u{1f}\u{7f}😀".to_owned())),
    ]);
    let text = "{\"名\\\"\":[-1,true,null],\"\\u000a\":\"\\\\/\\u001f\u{7f}😀\"}";
    assert_eq!(to_text(&value), text);
}

#[test]
fn a_number_that_javascript_cannot_hold_is_written_as_text() {
    for (numeral, written) in [
        ("9007199254740991", "9007199254740991"),
        ("9007199254740992", "\"9007199254740992\""),
        ("-9007199254740992", "\"-9007199254740992\""),
        ("12345678901234567890", "\"12345678901234567890\""),
        ("0.30000000000000004", "0.30000000000000004"),
        ("-1.5E+22", "-1.5E+22"),
        ("1.50E1", "15"),
        ("1e400", "\"1e400\""),
    ] {
        assert_eq!(to_text(&parse(numeral.as_bytes()).unwrap()), written);
    }
}
