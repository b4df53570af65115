//! Recordings: as long as the call, where the row says, in any part.

use byrobot_sandbox::{Options, Request};
use serde_json::{Value, json};

use crate::asking::{API, Vendor, body, seconds};

fn little_endian(bytes: &[u8]) -> u32 {
    u32::from_le_bytes(bytes.try_into().unwrap())
}

#[test]
fn a_recording_is_a_wav_as_long_as_its_call() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    for row in vendor.done(task).iter().filter(|row| row["finishStatus"] == 0).take(30) {
        let response = vendor.0.handle(&Request::get(row["luyinOssUrl"].as_str().unwrap()));
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
fn what_is_said_is_heard() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    let rows = vendor.done(task);
    let row = rows.iter().find(|row| row["chatRound"].as_u64().unwrap() > 3).unwrap();
    let call = vendor.call(row["callInstanceId"].as_u64().unwrap());
    let url = call["sceneInstance"]["userLuyinOssUrl"].as_str().unwrap();
    let wav = vendor.0.handle(&Request::get(url)).body;
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
fn the_unreached_have_early_media_or_nothing() {
    let vendor = Vendor::new(Options { tasks: 2, calls_per_task: Some(300), ..Options::default() });
    let task = vendor.task_in(2);
    for row in vendor.done(task) {
        let code = row["finishStatus"].as_u64().unwrap();
        match row["luyinOssUrl"].as_str() {
            None => assert!(![0, 1, 2, 4, 5, 6, 7, 8].contains(&code), "{row}"),
            Some(url) => {
                assert_eq!(code != 0, url.ends_with("_early_media.wav"), "{row}");
                let response = vendor.0.handle(&Request::get(url));
                assert_eq!(response.status, 200);
                assert!(response.body.len() > 8000);
            }
        }
    }
}

#[test]
fn a_part_may_be_asked_for() {
    let vendor = Vendor::small();
    let task = vendor.task_in(2);
    let rows = vendor.done(task);
    let row = rows.iter().find(|row| row["finishStatus"] == 0).unwrap();
    let ask = |method: &str, range: Option<&str>| {
        let mut request = Request::get(row["luyinOssUrl"].as_str().unwrap());
        request.method = method.into();
        request.headers.extend(range.map(|range| ("Range".into(), range.into())));
        vendor.0.handle(&request)
    };
    let whole = ask("GET", None);
    let length = whole.body.len();
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    let part = ask("GET", Some("bytes=1000-1999"));
    assert_eq!((part.status, &part.body[..]), (206, &whole.body[1000..2000]));
    assert_eq!(part.header("content-range"), Some(&*format!("bytes 1000-1999/{length}")));
    let beyond = ask("GET", Some("bytes=99999999-"));
    assert_eq!(beyond.status, 416);
    assert_eq!(beyond.header("content-range"), Some(&*format!("bytes */{length}")));
    let head = ask("HEAD", None);
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), Some(&*length.to_string()));
    assert_eq!(ask("POST", None).status, 405);
}

#[test]
fn links_lead_to_where_the_request_came() {
    let arguments = |task: u64| json!({ "callJobId": task, "finishStatus": 0, "pageSize": 1 });
    let link = |vendor: &mut Vendor, origin: &str, headers: &[(&str, &str)]| {
        let task = vendor.task_in(2);
        let url = format!("{origin}{API}/queryDoneTaskPhones");
        let mut request = Request::post(url, arguments(task).to_string());
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into()));
        request.headers.extend(headers);
        let answer: Value = body(&vendor.0.handle(&request));
        answer["data"]["list"][0]["luyinOssUrl"].as_str().unwrap().to_owned()
    };
    let mut vendor = Vendor::small();
    assert!(link(&mut vendor, "", &[]).starts_with("/recordings/"));
    assert!(link(&mut vendor, "http://a.test:1", &[]).starts_with("http://a.test:1/recordings/"));
    let proxied = [("host", "page.test"), ("x-forwarded-proto", "https")];
    assert!(
        link(&mut vendor, "http://a.test:1", &proxied).starts_with("https://page.test/recordings/")
    );
    let mut fixed =
        Vendor::new(Options { recording_base: Some("http://b.test".into()), ..Options::default() });
    assert!(link(&mut fixed, "http://a.test:1", &proxied).starts_with("http://b.test/recordings/"));
}

#[test]
fn there_is_no_recording_of_what_did_not_happen() {
    let vendor = Vendor::small();
    let task = vendor.task_in(1);
    let call = &vendor.undialled(task)[0]["callInstanceId"];
    for name in [format!("{call}.wav"), "1.wav".into(), "x.wav".into(), format!("{call}_user.mp3")]
    {
        let response = vendor.0.handle(&Request::get(format!("/recordings/{name}")));
        assert_eq!(response.status, 404, "{name}");
    }
}
