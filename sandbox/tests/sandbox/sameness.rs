//! The same seed, the same bytes: today, on other machines, in other steps, for ever.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use byrobot_sandbox::{Options, Request, Sandbox};
use sha1::{Digest, Sha1};

use crate::asking::{API, Vendor};

/// Everything a client of a small world may see, as one digest.
fn digest(options: Options) -> String {
    let mut vendor = Vendor::new(options);
    let mut hash = Sha1::new();
    let mut add = |vendor: &mut Vendor, request: Request| {
        let response = vendor.0.handle(&request);
        hash.update(format!("{} {:?}\n", response.status, response.headers));
        hash.update(&response.body);
    };
    for hours in 0..3 {
        add(
            &mut vendor,
            Request::get(format!("{API}/getTasks?companyId=1&pageSize=100&needAll=true")),
        );
        for task in vendor.tasks() {
            add(
                &mut vendor,
                Request::get(format!("{API}/getTaskDetail?companyId=1&taskId={task}")),
            );
            let undialled = format!(r#"{{"taskId":{task},"pageSize":50}}"#);
            add(&mut vendor, Request::post(format!("{API}/notDialedCustomerList"), undialled));
            let done = format!(r#"{{"callJobId":{task},"pageSize":50}}"#);
            add(&mut vendor, Request::post(format!("{API}/queryDoneTaskPhones"), done));
            for call in vendor.done(task).iter().take(8) {
                let id = &call["callInstanceId"];
                add(&mut vendor, Request::get(format!("{API}/phoneLogInfo?callInstanceId={id}")));
                if let Some(url) = call["luyinOssUrl"].as_str() {
                    let mut sound = Request::get(url);
                    sound.headers.push(("range".into(), "bytes=0-9999".into()));
                    add(&mut vendor, sound);
                }
            }
        }
        vendor.0.advance(f64::from(hours) * 3600.0 + 0.5);
    }
    STANDARD.encode(hash.finalize())
}

fn small(seed: u64) -> Options {
    Options { seed, tasks: 12, calls_per_task: Some(60), ..Options::default() }
}

/// If this fails, worlds that people keep tests and pictures of have changed. Only on purpose, and
/// with a line in the changelog.
#[test]
fn a_seed_is_one_world_for_ever() {
    assert_eq!(digest(small(1)), "+pegUsgrQoW2hqHmVE0P/IU8dEE=");
    assert_eq!(
        digest(Options { tasks: 3, seed: 2024, ..Options::default() }),
        "Ni54man7Z8wBg1Urm+3rJf1e0Zw="
    );
}

/// The test of the WebAssembly (`tests/package/sandbox.test.mjs`) makes the same requests and expects the same digest.
#[test]
fn wasm_says_the_same() {
    let vendor = Vendor::new(small(1));
    let mut hash = Sha1::new();
    for task in vendor.tasks() {
        let done = format!(r#"{{"callJobId":{task},"pageSize":50}}"#);
        let request = Request::post(format!("http://host.test{API}/queryDoneTaskPhones"), done);
        hash.update(vendor.0.handle(&request).body);
    }
    assert_eq!(STANDARD.encode(hash.finalize()), "FGk6G2i2nt3mPoTkUXZlzD7M7zU=");
}

#[test]
fn another_seed_is_another_world() {
    let tasks = |seed| Vendor::new(small(seed)).get("getTasks?companyId=1");
    assert_eq!(tasks(1), tasks(1));
    assert_ne!(tasks(1), tasks(2));
}

#[test]
fn how_time_passes_does_not_matter() {
    let at = |steps: &[f64]| {
        let mut vendor = Vendor::small();
        for seconds in steps {
            vendor.0.advance(*seconds);
        }
        let rows: Vec<_> = vendor.tasks().into_iter().flat_map(|task| vendor.done(task)).collect();
        (vendor.0.now_ms(), rows)
    };
    let day = at(&[86_400.0]);
    assert!(at(&[7.25; 1000]).1.len() < day.1.len());
    assert_eq!(at(&[3600.0; 24]), day);
    assert_eq!(at(&[0.5, 86_000.0, 399.5]), day);
}

#[test]
fn asking_changes_nothing() {
    let mut asked = Vendor::small();
    for task in asked.tasks() {
        asked.done(task);
    }
    asked.0.advance(600.0);
    let mut fresh = Vendor::small();
    fresh.0.advance(600.0);
    for task in fresh.tasks() {
        assert_eq!(asked.done(task), fresh.done(task));
    }
}

#[test]
fn reset_is_the_beginning() {
    let mut vendor = Vendor::small();
    let task = vendor.task_in(1);
    let before = vendor.done(task);
    vendor.0.advance(5000.0);
    assert_ne!(vendor.done(task), before);
    vendor.0.reset();
    assert_eq!(vendor.done(task), before);
    assert_eq!(vendor.0.now_ms(), Options::default().now_ms);
}

#[test]
fn options_out_of_range_are_refused_by_name() {
    for (options, name) in [
        (Options { tasks: 501, ..Options::default() }, "tasks"),
        (Options { calls_per_task: Some(0), ..Options::default() }, "callsPerTask"),
        (Options { calls_per_task: Some(300_001), ..Options::default() }, "callsPerTask"),
        (Options { tasks: 500, calls_per_task: Some(2001), ..Options::default() }, "callsPerTask"),
        (Options { now_ms: i64::MAX, ..Options::default() }, "now"),
    ] {
        let refused = Sandbox::new(options).err().unwrap().to_string();
        assert!(refused.contains(name), "{refused}");
    }
}
