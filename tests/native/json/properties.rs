//! Properties of the JSON reader and writer, for generated and damaged JSON, with `serde_json` as the reference.

use byrobot_calls::json::{
    Flaw, MAX_SAFE_INTEGER, Malformed, Value, exact_integer, is_safe, parse, to_text,
};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value as Json;

/// White space, mostly empty.
fn space() -> impl Strategy<Value = &'static str> {
    select(vec!["", "", "", " ", "\n\t", "\r\n  "])
}

/// A string literal with every kind of escape.
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

/// Whether two doubles come from one numeral: without its feature `float_roundtrip`, `serde_json` may differ in the last
/// digits. `ours` is rounded by the standard library.
fn is_close(ours: f64, theirs: Option<f64>) -> bool {
    theirs.is_some_and(|theirs| (ours - theirs).abs() <= ours.abs() * 1e-15)
}

/// Whether two values are equal.
fn equal(ours: &Value, theirs: &Json) -> bool {
    match (ours, theirs) {
        (Value::Null, Json::Null) => true,
        (Value::Bool(ours), Json::Bool(theirs)) => ours == theirs,
        // An integer has no negative zero.
        (Value::Int(0), Json::Number(theirs)) => theirs.as_f64() == Some(0.0),
        // `serde_json` reads a numeral with a fraction or an exponent as a double.
        (Value::Int(ours), Json::Number(theirs)) => {
            theirs.as_i64() == Some(*ours)
                || is_safe(*ours) && theirs.to_string().parse::<f64>() == ours.to_string().parse()
        }
        // A numeral beyond our integers keeps its digits.
        (Value::Numeral(ours), Json::Number(theirs)) => {
            theirs.as_i64().is_none()
                && ours.parse().is_ok_and(|ours| is_close(ours, theirs.as_f64()))
        }
        (Value::Text(ours), Json::String(theirs)) => ours == theirs,
        (Value::List(ours), Json::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(a, b)| equal(a, b))
        }
        (Value::Object(fields), Json::Object(theirs)) => {
            fields.iter().all(|(name, _)| theirs.contains_key(name))
                && theirs
                    .iter()
                    .all(|(name, value)| ours.get(name).is_some_and(|ours| equal(ours, value)))
        }
        _ => false,
    }
}

/// The text with `\ufffd` for every escape of a lone surrogate.
fn without_lone_surrogates(text: &str) -> String {
    let unit = |at: usize| {
        let digits = text.get(at..at + 6)?.strip_prefix("\\u")?;
        let is_hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hexadecimal.then(|| u32::from_str_radix(digits, 16).ok())?
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
            // The character after a backslash does not begin another escape.
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

/// The result of `serde_json` for bytes in which the intended differences are replaced. `Err(true)`: it refused a number
/// for its size, which our reader does not.
fn theirs(bytes: &[u8]) -> Result<Json, bool> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let text = without_lone_surrogates(&String::from_utf8_lossy(bytes));
    serde_json::from_str(&text)
        .map_err(|error| error.to_string().starts_with("number out of range"))
}

/// Compares the results of our reader and of `serde_json`.
fn compare(bytes: &[u8]) -> Result<(), TestCaseError> {
    let shown = String::from_utf8_lossy(bytes);
    match (parse(bytes), theirs(bytes)) {
        (Ok(ours), Ok(theirs)) => {
            prop_assert!(equal(&ours, &theirs), "{ours:?}\n{theirs}\n{shown}");
        }
        (Err(_), Err(_)) | (Ok(_), Err(true)) => {}
        (ours, theirs) => prop_assert!(false, "{ours:?}\n{theirs:?}\n{shown}"),
    }
    Ok(())
}

/// A change of bytes.
#[derive(Debug, Clone)]
enum Damage {
    Removed(Index),
    Inserted(Index, u8),
    Replaced(Index, u8),
    CutOff(Index),
    Doubled(Index),
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = prop_oneof![
        4 => select(b"{}[]\",:\\/u0159dDeE+-. \n\tntf\x00\x1f\x7f".to_vec()),
        1 => select(vec![0xEF, 0xBB, 0xBF, 0xFF, 0xC0, 0xED, 0xA0, 0x80, 0xF0]),
        1 => any::<u8>(),
    ];
    let position = any::<Index>;
    prop_oneof![
        position().prop_map(Damage::Removed),
        (position(), byte.clone()).prop_map(|(position, byte)| Damage::Inserted(position, byte)),
        (position(), byte).prop_map(|(position, byte)| Damage::Replaced(position, byte)),
        position().prop_map(Damage::CutOff),
        position().prop_map(Damage::Doubled),
    ]
}

fn apply(damage: &Damage, bytes: &mut Vec<u8>) {
    if bytes.is_empty() {
        return;
    }
    match damage {
        Damage::Removed(position) => drop(bytes.remove(position.index(bytes.len()))),
        Damage::Inserted(position, byte) => bytes.insert(position.index(bytes.len()), *byte),
        Damage::Replaced(position, byte) => {
            let position = position.index(bytes.len());
            bytes[position] = *byte;
        }
        Damage::CutOff(position) => bytes.truncate(position.index(bytes.len())),
        Damage::Doubled(position) => {
            let position = position.index(bytes.len());
            bytes.insert(position, bytes[position]);
        }
    }
}

/// Values as in requests, with any texts and integers.
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
    fn valid_json_is_read_as_serde_json_reads_it(text in text(), before in space(), after in space()) {
        let text = [before, &text, after].concat();
        prop_assert!(parse(text.as_bytes()).is_ok(), "{}", text);
        compare(text.as_bytes())?;
    }

    #[test]
    fn damaged_json_is_refused_when_serde_json_refuses_it(
        text in text(),
        damages in vec(damage(), 1..4),
    ) {
        let mut bytes = text.into_bytes();
        for damage in &damages {
            apply(damage, &mut bytes);
        }
        compare(&bytes)?;
    }

    #[test]
    fn any_bytes_are_read_or_refused_at_an_offset_within_them(bytes in vec(any::<u8>(), 0..64)) {
        if let Err(Malformed { offset, .. }) = parse(&bytes) {
            prop_assert!(offset <= bytes.len());
        }
        compare(&bytes)?;
    }

    #[test]
    fn every_truncated_object_is_reported_as_cut_off(text in object(), end in any::<Index>()) {
        let length = end.index(text.len());
        let malformed = parse(&text.as_bytes()[..length]).unwrap_err();
        prop_assert_eq!(malformed, Malformed { offset: length, flaw: Flaw::CutOff }, "{}", text);
    }

    #[test]
    fn a_numeral_keeps_all_its_digits(
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
    fn a_safe_integer_is_read_exactly_in_every_spelling(
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
    fn a_written_value_is_read_back_unchanged(value in value()) {
        let text = to_text(&value);
        prop_assert_eq!(parse(text.as_bytes()), Ok(value.clone()), "{}", text);
        let theirs: Json = serde_json::from_str(&text).unwrap();
        prop_assert!(equal(&value, &theirs), "{}", text);
    }
}

/// The integer value of a numeral, computed by writing out its digits; `None` for a fraction, and for too many digits.
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
