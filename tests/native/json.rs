//! Reading JSON against `serde_json`, which differs where the difference is meant: bytes that are
//! not UTF-8 and halves of surrogate pairs become U+FFFD, a byte order mark is skipped, nesting
//! ends at 96, numerals of any size are read, and what is exactly a safe integer is one.

use byrobot_calls::json::{
    Flaw, JsonReader, MAX_DEPTH, MAX_SAFE_INTEGER, Malformed, Value, exact_integer, is_safe, parse,
    to_text,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value as Json;

/// White space, mostly none.
fn space() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "", " ", "\n\t", "\r\n  "])
}

/// A string literal, escaped in every way there is.
fn string() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => "[ -!#-\\[\\]-~甲乙\u{7f}\u{2028}😀]{0,6}",
        1 => any::<char>().prop_map(|character| {
            let mut units = [0; 2];
            let units = character.encode_utf16(&mut units);
            units.iter().map(|unit| format!("\\u{unit:04x}")).collect::<Vec<_>>().concat()
        }),
        1 => select(vec![r#"\""#, r"\\", r"\/", r"\b", r"\f", r"\n", r"\r", r"\t", r"\u00Ae"])
            .prop_map(str::to_owned),
    ];
    vec(piece, 0..4).prop_map(|pieces| format!("\"{}\"", pieces.concat()))
}

/// A numeral.
fn numeral() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,17})",
        "-?(0|[1-9][0-9]{0,6})\\.[0-9]{1,7}",
        "-?[1-9][0-9]{0,5}[eE][+-]?[0-9]",
        "-?[1-9][0-9]{18,30}",
    ]
}

/// JSON text.
fn text() -> impl Strategy<Value = String> {
    let word = select(vec!["null", "true", "false"]).prop_map(str::to_owned);
    let leaf = prop_oneof![word, numeral(), string()];
    let nested = |inner: BoxedStrategy<String>| {
        let item = (space(), inner, space())
            .prop_map(|(before, item, after)| [before, &item, after].concat())
            .boxed();
        let field = (space(), string(), space(), item.clone())
            .prop_map(|(before, name, after, item)| format!("{before}{name}{after}:{item}"));
        prop_oneof![
            vec(item, 1..4).prop_map(|items| format!("[{}]", items.join(","))),
            vec(field, 1..4).prop_map(|fields| format!("{{{}}}", fields.join(","))),
            space().prop_map(|space| format!("[{space}]")),
            space().prop_map(|space| format!("{{{space}}}")),
        ]
    };
    leaf.prop_recursive(4, 24, 4, nested)
}

fn object() -> impl Strategy<Value = String> {
    vec((string(), text()), 0..4).prop_map(|fields| {
        let fields: Vec<String> =
            fields.iter().map(|(name, value)| format!("{name}:{value}")).collect();
        format!("{{{}}}", fields.join(","))
    })
}

/// Whether two doubles stand for one numeral: without its `float_roundtrip`, `serde_json` may be a
/// few units off in the last place. Our rounding is compared with the standard library's.
fn close(ours: f64, theirs: Option<f64>) -> bool {
    theirs.is_some_and(|theirs| (ours - theirs).abs() <= ours.abs() * 1e-15)
}

/// Whether two trees say the same.
fn same(ours: &Value, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(ours), Json::Bool(theirs)) => ours == theirs,
        // The minus of a zero is lost, as it is in every integer type.
        (Value::Int(0), Json::Number(theirs)) => theirs.as_f64() == Some(0.0),
        // Theirs is a double where there is a fraction or an exponent.
        (Value::Int(ours), Json::Number(theirs)) => {
            theirs.as_i64() == Some(*ours)
                || is_safe(*ours) && theirs.to_string().parse::<f64>() == ours.to_string().parse()
        }
        // A numeral that no integer of ours holds: its digits say the same.
        (Value::Numeral(ours), Json::Number(theirs)) => {
            theirs.as_i64().is_none() && ours.parse().is_ok_and(|ours| close(ours, theirs.as_f64()))
        }
        (Value::Text(ours), Json::String(theirs)) => ours == theirs,
        (Value::List(ours), Json::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| same(a, b))
        }
        (Value::Object(fields), Json::Object(theirs)) => {
            fields.iter().all(|(name, _)| theirs.contains_key(name))
                && theirs
                    .iter()
                    .all(|(name, value)| ours.get(name).is_some_and(|ours| same(ours, value)))
        }
        _ => false,
    }
}

/// The text with every `\u` that is half a surrogate pair replaced by `\ufffd`.
fn without_half_surrogates(text: &str) -> String {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let plain = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        plain.then(|| u32::from_str_radix(digits, 16).ok())?
    };
    let mut out = String::new();
    let mut at = 0;
    while let Some(character) = text[at..].chars().next() {
        let length = match (unit(at), unit(at + 6)) {
            (Some(0xD800..0xDC00), Some(0xDC00..0xE000)) => 12,
            (Some(0xD800..0xE000), _) => {
                out.push_str("\\ufffd");
                at += 6;
                continue;
            }
            (Some(_), _) => 6,
            // What follows a backslash is no beginning of another escape.
            (None, _) if character == '\\' => {
                1 + text[at + 1..].chars().next().map_or(0, char::len_utf8)
            }
            (None, _) => character.len_utf8(),
        };
        out.push_str(&text[at..at + length]);
        at += length;
    }
    out
}

/// What `serde_json` makes of bytes once what we mend is mended. `Err(true)`: it took offence at
/// the size of a number, which we do not.
fn theirs(bytes: &[u8]) -> Result<Json, bool> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = without_half_surrogates(&String::from_utf8_lossy(bytes));
    serde_json::from_str(&text)
        .map_err(|error| error.to_string().starts_with("number out of range"))
}

/// Compares what we and `serde_json` make of bytes.
fn compare(bytes: &[u8]) -> Result<(), TestCaseError> {
    let shown = String::from_utf8_lossy(bytes);
    match (parse(bytes), theirs(bytes)) {
        (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{ours:?}\n{theirs}\n{shown}"),
        (Err(_), Err(_)) | (Ok(_), Err(true)) => {}
        (ours, theirs) => prop_assert!(false, "{ours:?}\n{theirs:?}\n{shown}"),
    }
    Ok(())
}

/// What may happen to bytes on their way.
#[derive(Debug, Clone)]
enum Accident {
    Removed(Index),
    Inserted(Index, u8),
    Replaced(Index, u8),
    CutOff(Index),
    Doubled(Index),
}

fn accident() -> impl Strategy<Value = Accident> {
    let byte = prop_oneof![
        4 => select(b"{}[]\",:\\/u0159dDeE+-. \n\tntf\x00\x1f\x7f".to_vec()),
        1 => select(vec![0xEF, 0xBB, 0xBF, 0xFF, 0xC0, 0xED, 0xA0, 0x80, 0xF0]),
        1 => any::<u8>(),
    ];
    let place = any::<Index>;
    prop_oneof![
        place().prop_map(Accident::Removed),
        (place(), byte.clone()).prop_map(|(place, byte)| Accident::Inserted(place, byte)),
        (place(), byte).prop_map(|(place, byte)| Accident::Replaced(place, byte)),
        place().prop_map(Accident::CutOff),
        place().prop_map(Accident::Doubled),
    ]
}

fn befall(bytes: &mut Vec<u8>, accident: &Accident) {
    if bytes.is_empty() {
        return;
    }
    match accident {
        Accident::Removed(place) => drop(bytes.remove(place.index(bytes.len()))),
        Accident::Inserted(place, byte) => bytes.insert(place.index(bytes.len()), *byte),
        Accident::Replaced(place, byte) => {
            let place = place.index(bytes.len());
            bytes[place] = *byte;
        }
        Accident::CutOff(place) => bytes.truncate(place.index(bytes.len())),
        Accident::Doubled(place) => {
            let place = place.index(bytes.len());
            bytes.insert(place, bytes[place]);
        }
    }
}

/// Values that requests are made of, and any others that text holds.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        (-MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER).prop_map(Value::Int),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::List),
            vec((any::<String>(), inner), 0..4).prop_map(Value::Object),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 1024,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn valid_json_reads_as_serde_json_reads_it(text in text(), before in space(), after in space()) {
        let text = [before, &text, after].concat();
        prop_assert!(parse(text.as_bytes()).is_ok(), "{}", text);
        compare(text.as_bytes())?;
    }

    #[test]
    fn damaged_json_is_refused_where_serde_json_refuses_it(
        text in text(),
        accidents in vec(accident(), 1..4),
    ) {
        let mut bytes = text.into_bytes();
        for accident in &accidents {
            befall(&mut bytes, accident);
        }
        compare(&bytes)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused_within_them(bytes in vec(any::<u8>(), 0..64)) {
        if let Err(Malformed { offset, .. }) = parse(&bytes) {
            prop_assert!(offset <= bytes.len());
        }
        compare(&bytes)?;
    }

    #[test]
    fn whatever_is_left_of_an_object_is_known_to_be_cut_off(text in object(), place in any::<Index>()) {
        let length = place.index(text.len());
        let malformed = parse(&text.as_bytes()[..length]).unwrap_err();
        prop_assert_eq!(malformed, Malformed { offset: length, flaw: Flaw::CutOff }, "{}", text);
    }

    #[test]
    fn a_number_keeps_its_digits(
        numeral in "-?(0|[1-9][0-9]{0,40})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,9})?",
    ) {
        let integer = numeral.parse().ok().or_else(|| written_out(&numeral).filter(|n| is_safe(*n)));
        let expected = integer.map_or_else(|| Value::Numeral(numeral.clone()), Value::Int);
        let read = parse(numeral.as_bytes()).unwrap();
        prop_assert_eq!(&read, &expected);
        let written = integer.map_or(numeral, |integer| integer.to_string());
        prop_assert_eq!(to_text(&read).replace('"', ""), written);
    }

    #[test]
    fn a_safe_integer_is_one_in_every_spelling(
        integer in prop_oneof![
            -MAX_SAFE_INTEGER..=MAX_SAFE_INTEGER,
            -1000_i64..1000,
            (1_i64..999, 0_u32..13).prop_map(|(digits, zeros)| digits * 10_i64.pow(zeros)),
        ],
        move_point in 0_usize..20,
        zeros in 0_usize..5,
        form in 0..4,
    ) {
        let digits = integer.unsigned_abs().to_string();
        let sign = if integer < 0 { "-" } else { "" };
        let zeros = "0".repeat(zeros);
        let numeral = match form {
            // 5402.0
            0 => format!("{sign}{digits}.0{zeros}"),
            // 0.00005402E8
            1 => {
                let padded = format!("{}{digits}", "0".repeat(move_point));
                format!("{sign}0.{padded}{zeros}E+{}", padded.len())
            }
            // 540200e-2
            2 => match integer {
                0 => format!("{sign}0e-{move_point}"),
                _ => format!("{sign}{digits}{}e-{move_point}", "0".repeat(move_point)),
            },
            // 5.402E3
            _ => {
                let (first, rest) = digits.split_at(1);
                format!("{sign}{first}.{rest}0{zeros}E{}", rest.len())
            }
        };
        prop_assert_eq!(parse(numeral.as_bytes()), Ok(Value::Int(integer)), "{}", numeral);
        prop_assert_eq!(exact_integer(&numeral), Some(integer), "{}", numeral);
    }

    #[test]
    fn what_is_written_is_read_again(value in value()) {
        let text = to_text(&value);
        prop_assert_eq!(parse(text.as_bytes()), Ok(value.clone()), "{}", text);
        let theirs: Json = serde_json::from_str(&text).unwrap();
        prop_assert!(same(&value, &theirs), "{}", text);
    }
}

/// The integer that a numeral is when its digits are written out; `None` for a fraction, and for what
/// has too many digits for that.
fn written_out(numeral: &str) -> Option<i64> {
    let (mantissa, exponent) = numeral.split_once(['e', 'E']).unwrap_or((numeral, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}");
    if digits.bytes().all(|digit| matches!(digit, b'0' | b'-')) {
        return Some(0);
    }
    let exponent = exponent.parse::<isize>().ok().filter(|exponent| exponent.abs() < 200)?;
    let point = whole.len().saturating_add_signed(exponent);
    let digits = format!("{digits:0<point$}");
    let (whole, fraction) = digits.split_at(point);
    fraction.bytes().all(|digit| digit == b'0').then(|| whole.parse().ok())?
}

#[test]
fn the_exact_value_of_a_text() {
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
fn numerals_at_the_limits() {
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
fn what_looks_like_json_and_is_not() {
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
fn nesting_ends_at_a_depth_that_spares_the_stack() {
    let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let most = usize::try_from(MAX_DEPTH).unwrap();
    assert!(parse(nested(most).as_bytes()).is_ok());
    let beside = format!("[{}]", vec![nested(most - 1); 200].join(","));
    assert!(parse(beside.as_bytes()).is_ok(), "a depth that is left is free again");
    let refused = |offset| Err(Malformed { offset, flaw: Flaw::TooDeep });
    assert_eq!(parse(nested(most + 1).as_bytes()), refused(most));
    let deep = format!("{}1{}", "[{\"a\": ".repeat(100_000), " } ]".repeat(100_000));
    assert_eq!(parse(deep.as_bytes()), refused(most / 2 * 7));
}

#[test]
fn what_is_nested_too_deep_is_checked_all_the_same() {
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
fn only_what_is_nested_too_deep_is_left_out() {
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
fn the_first_byte_that_is_not_utf8_is_noted() {
    for (bytes, place) in [
        (&b"{\"a\":\"b\"}"[..], None),
        (b"[\"\xE7\x94\xB2\",\"a\xE7\x94\",\"\xFF\"]", Some(9)),
        (b"{\"\xD6\xD0\":1}", Some(2)),
        (b"\xEF\xBB\xBF\"\xFF\"", Some(4)),
        // Not UTF-8's fault: an escape that is half a pair.
        (b"\"\\ud83d\"", None),
    ] {
        let mut reader = JsonReader::new(bytes);
        reader.whole().unwrap();
        assert_eq!(reader.not_utf8, place);
    }
}

#[test]
fn the_last_of_several_values_under_a_key_counts_and_all_are_kept() {
    let value = parse(br#"{"a":1,"b":2,"a":3}"#).unwrap();
    assert_eq!(value.get("a"), Some(&Value::Int(3)));
    let Value::Object(fields) = value else { panic!("an object") };
    assert_eq!(fields.len(), 3);
}

#[test]
fn written_text_is_compact_and_escapes_only_what_it_must() {
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
