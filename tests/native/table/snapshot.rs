//! Snapshots: a restored table is equal to the table, and damaged bytes are refused.

use byrobot_calls::error::ErrorKind;
use byrobot_calls::table::{Gap, SyncCheckpoint, Table};
use proptest::prelude::*;
use serde_json::json;

use super::generators::{body, calls, pages, table};

fn checkpoint() -> impl Strategy<Value = SyncCheckpoint> {
    let number = || 0..1_u64 << 53;
    let ids = || proptest::collection::vec(-(1 << 53) + 1..1_i64 << 53, 0..5);
    let maybe = || proptest::option::of(number());
    let gap = (number(), maybe(), ids(), (number(), number(), maybe()), any::<bool>()).prop_map(
        |(read, total, calls, (seen, changed, expected), certain)| Gap {
            read,
            total,
            calls,
            seen,
            changed,
            expected,
            certain,
        },
    );
    let gaps = proptest::collection::vec(gap, 0..4);
    (maybe(), ids(), gaps, proptest::option::of(-1..100_i64), "[ -~]{0,9}").prop_map(
        |(total, anchors, gaps, index, note)| SyncCheckpoint { total, anchors, gaps, index, note },
    )
}

proptest! {
    #[test]
    fn a_restored_table_is_equal_and_continues_equally(pages in pages(), more in pages(), checkpoint in checkpoint()) {
        let mut before = table(&pages);
        before.set_checkpoint("{\"callJobId\":62}", checkpoint.clone());
        let mut after = Table::restore(&before.snapshot().unwrap()).unwrap();
        prop_assert_eq!(after.checkpoint("{\"callJobId\":62}"), checkpoint);
        prop_assert_eq!(after.checkpoint(""), SyncCheckpoint::default());
        prop_assert_eq!(calls(&after), calls(&before));
        prop_assert_eq!(after.snapshot().unwrap(), before.snapshot().unwrap());
        // Further pages change both tables equally.
        for rows in &more {
            let (one, other) = (before.ingest_body(&body(rows)), after.ingest_body(&body(rows)));
            prop_assert_eq!(one.unwrap(), other.unwrap());
        }
        prop_assert_eq!(calls(&after), calls(&before));
    }

    #[test]
    fn arbitrary_bytes_are_refused(bytes: Vec<u8>) {
        prop_assert_eq!(refusal(&bytes), "restore: these bytes are no snapshot of a CallTable");
        let damaged = [&b"BYRCALLS\x01\0\0\0"[..], &bytes].concat();
        prop_assert!(refusal(&damaged).contains("damaged"));
    }

    /// The checksum is correct, so only the checks of the content detect the damage.
    #[test]
    fn when_damage_has_a_correct_checksum_restore_refuses_it_or_the_table_works(
        pages in pages(),
        changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..4),
        rows in proptest::collection::vec(0..40_i64, 0..5),
    ) {
        let mut bytes = table(&pages).snapshot().unwrap();
        for (at, byte) in changes {
            let at = 12 + at.index(bytes.len() - 20);
            bytes[at] = byte;
        }
        exercise(&with_checksum(bytes), &rows);
    }
}

/// Restores a table, and if that succeeds uses all its operations.
fn exercise(bytes: &[u8], ids: &[i64]) {
    let Ok(mut table) = Table::restore(bytes) else { return };
    let before = calls(&table);
    assert_eq!(before.len(), table.len());
    for call in &before {
        let id = call["callInstanceId"].as_i64().unwrap();
        assert!(id.abs() < 1 << 53);
    }
    let rows: Vec<_> = ids
        .iter()
        .map(|id| json!({ "callInstanceId": id, "resultList": [{ "name": "n", "value": "v" }] }))
        .collect();
    table.ingest_body(&body(&rows)).unwrap();
    assert!(table.len() >= before.len());
    let restored = Table::restore(&table.snapshot().unwrap()).unwrap();
    assert_eq!(calls(&restored), calls(&table));
}

/// The bytes of a snapshot with the correct checksum.
fn with_checksum(mut bytes: Vec<u8>) -> Vec<u8> {
    let content = bytes.len() - 8;
    let (words, rest) = bytes[..content].as_chunks::<8>();
    let mix =
        |sum: u64, word: u64| (sum.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let sum = words.iter().fold(content as u64, |sum, word| mix(sum, u64::from_le_bytes(*word)));
    let sum = mix(sum, rest.iter().fold(1, |last, byte| last << 8 | u64::from(*byte)));
    bytes.truncate(content);
    bytes.extend_from_slice(&sum.to_le_bytes());
    bytes
}

fn refusal(bytes: &[u8]) -> String {
    let error = Table::restore(bytes).unwrap_err();
    assert_eq!(error.kind, ErrorKind::Snapshot);
    error.message
}

/// A table with values of every storage, unreadable values and unknown fields.
fn sample() -> Table {
    let results = json!([{ "name": "客户意向等级", "value": "A级" }]);
    let rows = [
        json!({ "callInstanceId": 1, "jobName": "任务", "customerName": "李", "startTime": "2024-02-29 09:05:00", "duration": "27秒", "resultList": results }),
        json!({ "callInstanceId": 2, "jobName": "任务", "startTime": "2024-02-29 9:05", "duration": "?", "customerName": "张三" }),
        json!({ "callInstanceId": 900, "callJobId": 7_000_000_000_i64, "later": { "a": [1] }, "resultList": results }),
    ];
    table(&[rows.to_vec()])
}

#[test]
fn every_flipped_bit_and_every_truncation_is_refused() {
    let bytes = sample().snapshot().unwrap();
    assert_eq!(with_checksum(bytes.clone()), bytes);
    for at in 0..bytes.len() {
        for bit in 0..8 {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1 << bit;
            refusal(&damaged);
        }
        refusal(&bytes[..at]);
    }
    refusal(&[&bytes[..], &[0]].concat());
}

#[test]
fn when_any_byte_changes_under_a_correct_checksum_restore_refuses_it_or_the_table_works() {
    for bytes in [sample().snapshot().unwrap(), recordings(5).snapshot().unwrap()] {
        for at in 12..bytes.len() - 8 {
            for byte in
                [0, 1, 2, 0x7F, 0x80, 0xFF, bytes[at].wrapping_add(1), bytes[at].wrapping_sub(1)]
            {
                let mut damaged = bytes.clone();
                damaged[at] = byte;
                exercise(&with_checksum(damaged), &[1, 2, 3]);
            }
            // Truncated, with a correct checksum.
            let mut cut = bytes[..at].to_vec();
            cut.extend_from_slice(&[0; 8]);
            exercise(&with_checksum(cut), &[1]);
        }
    }
}

/// Calls whose recordings have URLs with a common prefix; every third call has none.
fn recordings(count: u64) -> Table {
    let folder = "https://录音.example/luyin/2024/02/29/62/";
    let rows: Vec<_> = (0..count)
        .map(|id| {
            let url = (id % 3 != 2).then(|| format!("{folder}{:06}音.wav", id * 7919 % 1_000_000));
            json!({ "callInstanceId": id, "luyinOssUrl": url })
        })
        .collect();
    let mut table = Table::default();
    for rows in rows.chunks(50) {
        table.ingest_body(&body(rows)).unwrap();
    }
    table
}

#[test]
fn a_prefix_that_a_text_shares_with_the_text_before_is_stored_once() {
    let table = recordings(10_000);
    let bytes = table.snapshot().unwrap();
    let restored = Table::restore(&bytes).unwrap();
    assert_eq!(calls(&restored), calls(&table));
    assert_eq!(restored.snapshot().unwrap(), bytes);
    // Two in three texts share 43 bytes and have 13 bytes of their own, some of which the text before has too.
    assert!(bytes.len() < 10_000 * 17, "{}", bytes.len());
}

/// The bytes of the sample with `from` replaced once by `to`.
fn altered(from: &[u8], to: &[u8]) -> Vec<u8> {
    let bytes = sample().snapshot().unwrap();
    let at = bytes.windows(from.len()).position(|window| window == from).expect("it is there");
    with_checksum([&bytes[..at], to, &bytes[at + from.len()..]].concat())
}

#[test]
fn a_snapshot_that_breaks_an_invariant_is_refused_as_damaged() {
    let damaged = "restore: this snapshot is damaged or cut off; ingest the calls again";
    for (from, to) in [
        // Not UTF-8.
        ("张三".as_bytes(), &[0xFF; 6][..]),
        // A text that ends in the middle of a character.
        ("\u{4}\u{7}\0李".as_bytes(), "\u{5}\u{6}\0李".as_bytes()),
        // Overflow that is not JSON, and overflow that is not an object.
        (br#"{"extra":{"later""#, br#"{"extra":{"later'"#),
        (br#"{"extra":{"later":{"a":[1]}}}"#, br#"["extra",["later",["a",[1]]]]"#),
        // Results that are not objects, results without a name, results that are not canonical.
        (br#"[{"name""#, br#"[["name""#),
        (br#"[{"name":"#, br#"[{"nome":"#),
        ("A级".as_bytes(), br"A\/B"),
        // The name of another column of the snapshot.
        (b"gmtCreate", b"chatRound"),
    ] {
        assert_eq!(refusal(&altered(from, to)), damaged, "{}", String::from_utf8_lossy(from));
    }
}

/// The checksum is correct, so a newer package wrote the field.
#[test]
fn a_snapshot_with_an_unknown_field_is_refused_as_one_of_a_newer_package() {
    let message = refusal(&altered(b"chatRound", b"chatRand?"));
    assert!(
        message.contains("a field that this package does not know; update byrobot-calls"),
        "{message}"
    );
}

#[test]
fn an_instant_outside_of_the_years_0_to_9999_is_refused_as_damaged() {
    let row = json!({ "callInstanceId": 1, "startTime": "2024-02-29 09:05:00" });
    let bytes = table(&[vec![row]]).snapshot().unwrap();
    let instant = 1_709_168_700_000_i64.to_le_bytes();
    let at = bytes.windows(8).position(|window| window == instant).unwrap();
    for beyond in [253_402_272_000_000_i64, -62_167_248_001_000, (1 << 53) - 1] {
        let mut bytes = bytes.clone();
        bytes[at..at + 8].copy_from_slice(&beyond.to_le_bytes());
        assert!(refusal(&with_checksum(bytes)).contains("damaged"));
    }
}

#[test]
fn bytes_after_the_columns_are_refused_as_damaged() {
    let mut bytes = sample().snapshot().unwrap();
    bytes.insert(bytes.len() - 8, 0);
    assert!(refusal(&with_checksum(bytes)).contains("damaged"));
}

#[test]
fn two_rows_with_one_id_are_refused_as_damaged() {
    let ids =
        |ids: [i64; 2]| table(&[ids.iter().map(|id| json!({ "callInstanceId": id })).collect()]);
    let (mut bytes, other) = (ids([5, 6]).snapshot().unwrap(), ids([5, 7]).snapshot().unwrap());
    // The last byte that differs is the code of the second row's id. The code of the first row's id is before it.
    let second = (0..bytes.len() - 8).rfind(|at| bytes[*at] != other[*at]).unwrap();
    bytes[second] = bytes[second - 1];
    assert!(refusal(&with_checksum(bytes)).contains("damaged"));
}

#[test]
fn a_newer_version_is_refused_with_what_to_do() {
    let mut bytes = sample().snapshot().unwrap();
    bytes[8] = 9;
    assert_eq!(
        refusal(&with_checksum(bytes)),
        "restore: this snapshot has version 9, and this package reads up to 1; update byrobot-calls, or ingest the calls again"
    );
}

#[test]
fn lengths_beyond_the_bytes_are_refused_without_allocating_them() {
    // 2^35 − 1 rows, then checkpoints of so many bytes.
    for content in [&[0xFF, 0xFF, 0xFF, 0xFF, 0x7F][..], &[0, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F]] {
        let bytes = [b"BYRCALLS\x01\0\0\0", content, &[0; 8]].concat();
        assert!(refusal(&with_checksum(bytes)).contains("damaged"));
    }
}

#[test]
fn only_live_rows_and_their_texts_are_stored() {
    let mut changed = sample();
    let row = json!({ "callInstanceId": 1, "jobName": "another", "customerName": "李四" });
    changed.ingest_body(&body(&[row])).unwrap();
    let bytes = changed.snapshot().unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("another") && has("任务"));
    let last = json!({ "callInstanceId": 2 });
    changed.ingest_body(&body(&[last])).unwrap();
    let bytes = changed.snapshot().unwrap();
    let has = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(has("another") && !has("任务"), "the text of a superseded row is not stored");
    let ids: Vec<_> = calls(&Table::restore(&bytes).unwrap())
        .iter()
        .map(|call| call["callInstanceId"].clone())
        .collect();
    assert_eq!(ids, [1, 2, 900]);
}
