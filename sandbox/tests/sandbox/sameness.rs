//! Determinism: the same seed gives the same bytes on every machine, in every version, with any steps of the clock.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use byrobot_sandbox::{Options, Request, Sandbox, Scenario};
use sha1::{Digest, Sha1};

use crate::asking::{API, TestSandbox, everything};

/// One digest over the answers that a client of a small sandbox can get.
fn digest(options: Options) -> String {
    let mut sandbox = TestSandbox::new(options);
    let mut hash = Sha1::new();
    let mut add = |sandbox: &mut TestSandbox, request: Request| {
        let response = sandbox.0.handle(&request);
        hash.update(format!("{} {:?}\n", response.status, response.headers));
        hash.update(&response.body);
    };
    for hours in 0..3 {
        add(
            &mut sandbox,
            Request::get(format!("{API}/getTasks?companyId=1&pageSize=100&needAll=true")),
        );
        for task in sandbox.tasks() {
            add(
                &mut sandbox,
                Request::get(format!("{API}/getTaskDetail?companyId=1&taskId={task}")),
            );
            let undialled = format!(r#"{{"taskId":{task},"pageSize":50}}"#);
            add(&mut sandbox, Request::post(format!("{API}/notDialedCustomerList"), undialled));
            let done = format!(r#"{{"callJobId":{task},"pageSize":50}}"#);
            add(&mut sandbox, Request::post(format!("{API}/queryDoneTaskPhones"), done));
            for call in sandbox.done(task).iter().take(8) {
                let id = &call["callInstanceId"];
                add(&mut sandbox, Request::get(format!("{API}/phoneLogInfo?callInstanceId={id}")));
                if let Some(url) = call["luyinOssUrl"].as_str() {
                    let mut sound = Request::get(url);
                    sound.headers.push(("range".into(), "bytes=0-9999".into()));
                    add(&mut sandbox, sound);
                }
            }
        }
        sandbox.0.advance(f64::from(hours) * 3600.0 + 0.5);
    }
    STANDARD.encode(hash.finalize())
}

fn small(seed: u64) -> Options {
    Options { seed, tasks: 12, calls_per_task: Some(60), ..Options::default() }
}

/// If this fails, the answers of existing seeds have changed, and users' tests and screenshots depend on them. Change the
/// digests only on purpose, with a line in the changelog.
#[test]
fn answers_of_a_seed_have_the_golden_digest() {
    assert_eq!(digest(small(1)), "+pegUsgrQoW2hqHmVE0P/IU8dEE=");
    assert_eq!(
        digest(Options { tasks: 3, seed: 2024, ..Options::default() }),
        "Ni54man7Z8wBg1Urm+3rJf1e0Zw="
    );
    let scenario = Some(Scenario { days: 3, calls_per_day: 200, ..everything() });
    assert_eq!(digest(Options { scenario, ..Options::default() }), "Hy1lesYbEHsTKgtNXjrKPt4QiwA=");
}

/// The test of the WebAssembly (`tests/package/sandbox.test.mjs`) makes the same requests and expects the same digest.
#[test]
fn native_answers_have_the_digest_of_the_wasm_test() {
    let sandbox = TestSandbox::new(small(1));
    let mut hash = Sha1::new();
    for task in sandbox.tasks() {
        let done = format!(r#"{{"callJobId":{task},"pageSize":50}}"#);
        let request = Request::post(format!("http://host.test{API}/queryDoneTaskPhones"), done);
        hash.update(sandbox.0.handle(&request).body);
    }
    assert_eq!(STANDARD.encode(hash.finalize()), "FGk6G2i2nt3mPoTkUXZlzD7M7zU=");
}

#[test]
fn the_same_seed_gives_the_same_tasks_and_another_seed_others() {
    let tasks = |seed| TestSandbox::new(small(seed)).get("getTasks?companyId=1");
    assert_eq!(tasks(1), tasks(1));
    assert_ne!(tasks(1), tasks(2));
}

#[test]
fn the_state_does_not_depend_on_the_steps_of_the_clock() {
    let at = |steps: &[f64]| {
        let mut sandbox = TestSandbox::small();
        for seconds in steps {
            sandbox.0.advance(*seconds);
        }
        let rows: Vec<_> =
            sandbox.tasks().into_iter().flat_map(|task| sandbox.done(task)).collect();
        (sandbox.0.now_ms(), rows)
    };
    let day = at(&[86_400.0]);
    assert!(at(&[7.25; 1000]).1.len() < day.1.len());
    assert_eq!(at(&[3600.0; 24]), day);
    assert_eq!(at(&[0.5, 86_000.0, 399.5]), day);
}

#[test]
fn requests_do_not_change_calls() {
    let mut queried = TestSandbox::small();
    for task in queried.tasks() {
        queried.done(task);
    }
    queried.0.advance(600.0);
    let mut fresh = TestSandbox::small();
    fresh.0.advance(600.0);
    for task in fresh.tasks() {
        assert_eq!(queried.done(task), fresh.done(task));
    }
}

#[test]
fn reset_restores_the_initial_state() {
    let mut sandbox = TestSandbox::small();
    let task = sandbox.task_in(1);
    let before = sandbox.done(task);
    sandbox.0.advance(5000.0);
    assert_ne!(sandbox.done(task), before);
    sandbox.0.reset();
    assert_eq!(sandbox.done(task), before);
    assert_eq!(sandbox.0.now_ms(), Options::default().now_ms);
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
