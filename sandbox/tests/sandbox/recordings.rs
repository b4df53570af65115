//! Recordings: their length, links and ranges.

use byrobot_sandbox::{Options, Request};
use serde_json::{Value, json};

use crate::asking::{API, TestSandbox, body, seconds};

fn little_endian(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().unwrap())
}

#[test]
fn a_recording_is_a_wav_as_long_as_its_call() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    for row in sandbox.done(task).iter().filter(|row| row["finishStatus"] == 0).take(30) {
        let response = sandbox.0.handle(&Request::get(row["luyinOssUrl"].as_str().unwrap()));
        assert_eq!((response.status, response.header("content-type")), (200, Some("audio/wav")));
        let wav = &response.body;
        assert_eq!((&wav[..4], &wav[8..16]), (&b"RIFF"[..], &b"WAVEfmt "[..]));
        assert_eq!(little_endian(&wav[4..8]) as usize, wav.len() - 8);
        assert_eq!(little_endian(&wav[24..28]), 8000);
        assert_eq!(little_endian(&wav[40..44]) as usize, wav.len() - 44);
        assert_eq!((wav.len() - 44) as u64, seconds(row) * 8000);
    }
}

#[test]
fn a_customer_recording_has_tones_exactly_at_the_customers_lines() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    let rows = sandbox.done(task);
    let row = rows.iter().find(|row| row["chatRound"].as_u64().unwrap() > 3).unwrap();
    let call = sandbox.call(row["callInstanceId"].as_u64().unwrap());
    let url = call["sceneInstance"]["userLuyinOssUrl"].as_str().unwrap();
    let wav = sandbox.0.handle(&Request::get(url)).body;
    let lines = call["phoneLog"]["phoneLogs"].as_array().unwrap();
    let mut heard = vec![false; wav.len()];
    for line in lines.iter().filter(|line| line["speaker"] == "ME") {
        let [from, to] = ["startTime", "endTime"]
            .map(|field| 44 + 8 * usize::try_from(line[field].as_u64().unwrap()).unwrap());
        assert!(wav[from..to].iter().any(|sample| *sample > 150), "{line}");
        heard[from..to].fill(true);
    }
    let silent = |(sample, heard): (&u8, &bool)| *heard || *sample == 128;
    assert!(wav.iter().zip(&heard).skip(44).all(silent), "only the customer is on this one");
}

#[test]
fn an_unanswered_call_has_early_media_or_no_recording() {
    let sandbox =
        TestSandbox::new(Options { tasks: 2, calls_per_task: Some(300), ..Options::default() });
    let task = sandbox.task_in(2);
    for row in sandbox.done(task) {
        let code = row["finishStatus"].as_u64().unwrap();
        match row["luyinOssUrl"].as_str() {
            None => assert!(![0, 1, 2, 4, 5, 6, 7, 8].contains(&code), "{row}"),
            Some(url) => {
                assert_eq!(code != 0, url.ends_with("_early_media.wav"), "{row}");
                let response = sandbox.0.handle(&Request::get(url));
                assert_eq!(response.status, 200);
                assert!(response.body.len() > 8000);
            }
        }
    }
}

#[test]
fn a_range_request_gets_that_part_of_the_recording() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(2);
    let rows = sandbox.done(task);
    let row = rows.iter().find(|row| row["finishStatus"] == 0).unwrap();
    let send = |method: &str, range: Option<&str>| {
        let mut request = Request::get(row["luyinOssUrl"].as_str().unwrap());
        request.method = method.into();
        request.headers.extend(range.map(|range| ("Range".into(), range.into())));
        sandbox.0.handle(&request)
    };
    let whole = send("GET", None);
    let length = whole.body.len();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let part = send("GET", Some("bytes=1000-1999"));
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[1000..2000]));
    assert_eq!(part.header("content-range"), Some(&*format!("bytes 1000-1999/{length}")));
    let beyond = send("GET", Some("bytes=99999999-"));
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some(&*format!("bytes */{length}")));
    let head = send("HEAD", None);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(&*length.to_string()));
    assert_eq!(send("POST", None).status, 405);
}

#[test]
fn recording_links_have_the_origin_of_the_request_or_the_configured_base() {
    let arguments = |task: u64| json!({ "callJobId": task, "finishStatus": 0, "pageSize": 1 });
    let link = |sandbox: &mut TestSandbox, origin: &str, headers: &[(&str, &str)]| {
        let task = sandbox.task_in(2);
        let url = format!("{origin}{API}/queryDoneTaskPhones");
        let mut request = Request::post(url, arguments(task).to_string());
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        request.headers.extend(headers);
        let answer: Value = body(&sandbox.0.handle(&request));
        answer["data"]["list"][0]["luyinOssUrl"].as_str().unwrap().to_owned()
    };
    let mut sandbox = TestSandbox::small();
    assert!(link(&mut sandbox, "", &[]).starts_with("/recordings/"));
    assert!(link(&mut sandbox, "http://a.test:1", &[]).starts_with("http://a.test:1/recordings/"));
    let proxied = [("host", "page.test"), ("x-forwarded-proto", "https")];
    assert!(
        link(&mut sandbox, "http://a.test:1", &proxied)
            .starts_with("https://page.test/recordings/")
    );
    let mut fixed = TestSandbox::new(Options {
        recording_base: Some("http://b.test".into()),
        ..Options::default()
    });
    assert!(link(&mut fixed, "http://a.test:1", &proxied).starts_with("http://b.test/recordings/"));
}

#[test]
fn a_recording_that_does_not_exist_gets_404() {
    let sandbox = TestSandbox::small();
    let task = sandbox.task_in(1);
    let call = &sandbox.undialled(task)[0]["callInstanceId"];
    for name in [format!("{call}.wav"), "1.wav".into(), "x.wav".into(), format!("{call}_user.mp3")]
    {
        let response = sandbox.0.handle(&Request::get(format!("/recordings/{name}")));
        assert_eq!(response.status, 404, "{name}");
    }
}
