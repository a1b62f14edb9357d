//! What `quirks.md` says that the sandbox reproduces, tried one by one, each on a sandbox of its own.

use std::thread;
use std::time::Duration;

use prolific_sandbox::{Participation, Sandbox, Seed, SeedGroup, SeedStudy};
use serde_json::{Value, json};
use tokio::runtime::Builder;

use crate::http::{Response, send};

const PAGE: &str = include_str!("../../src/quirks.md");

/// A workspace with 1,000.00, a project, a group of `p1`, and a study of two places that cost 6.30 each.
struct Lab(Sandbox);

type Check = fn(&Lab) -> bool;

/// By the number of the page.
const CHECKS: &[(&str, Check)] = &[
    ("Q001", |lab| {
        let bonus = lab.bonus("p1,1").json();
        let path = format!("/api/v1/bulk-bonus-payments/{}/pay/", text(&bonus["id"]));
        (0..2).all(|_| lab.post(&path, json!(null)).status == 202)
            && lab.get("/api/v1/submissions/?study=s1")["results"][0]["bonus_payments"] == json!([100, 100])
    }),
    ("Q004", |lab| lab.bonus("p1,4.25").json()["amount"] == 425),
    ("Q005", |lab| lab.bonus("p1,30").json()["amount"] == 3000),
    ("Q006", |lab| lab.bonus("p1,4.25").json()["fees"] == 141.67),
    ("Q007", |lab| lab.bonus("p1,4.25\np1,4.25").json()["fees"] == 283.34),
    ("Q008", |lab| {
        let response = lab.bonus("p1,1\np9,1");
        response.status == 400 && response.detail().to_string().contains("p9")
    }),
    ("Q009", |lab| lab.bonus(&format!("{},1", lab.first())).status == 201),
    ("Q010", |lab| lab.bonus("p1,1").json()["id"] != lab.bonus("p1,1").json()["id"]),
    ("Q012", |lab| {
        let paid = lab.screen_out(0.25, false).json()["payment_per_participant"].clone();
        paid == json!({"amount": 25, "currency": "GBP"})
    }),
    ("Q013", |lab| lab.screen_out(0.25, false).status == 202),
    ("Q014", |lab| {
        let late = lab.0.participant("p2").take("s1").unwrap();
        lab.advance(Duration::from_secs(1500));
        let late = late.submit("COMPLETED").unwrap();
        let body = |pay: f64| json!({"submission_ids": [late.submission_id()], "bonus_per_submission": pay});
        // At least 2.50 for 25 minutes.
        [(2.49, 400), (2.51, 202)]
            .into_iter()
            .all(|(pay, status)| lab.post("/api/v1/studies/s1/screen-out-submissions/", body(pay)).status == status)
    }),
    ("Q015", |lab| {
        lab.act("PAUSE");
        lab.screen_out(0.25, true);
        let study = lab.study();
        (&study["total_available_places"], &study["status"]) == (&json!(3), &json!("PAUSED"))
    }),
    ("Q017", |lab| {
        let plan = json!({"reward": 450, "total_available_places": 2});
        lab.post("/api/v1/study-cost-calculator/", plan).json()["total_cost"] == 1260
    }),
    ("Q018", |lab| {
        let parts = &lab.get("/api/v1/workspaces/w1/balance/")["balance_breakdown"];
        ["rewards", "fees", "vat"].into_iter().all(|part| parts[part].as_u64().is_some_and(|amount| amount > 0))
    }),
    ("Q020", |lab| {
        let draft = lab.draft(json!({"reward": 1_000_000}));
        let refused = lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        refused.status == 400 && lab.get(&draft)["status"] == "UNPUBLISHED"
    }),
    ("Q021", |lab| lab.study()["currency_code"] == "GBP" && lab.study()["presentment_currency_code"] == "GBP"),
    ("Q027", |lab| {
        let both = json!({"access_details": [{"external_url": "https://a.example", "total_allocation": 2}]});
        lab.create(both).status == 400 && lab.create(json!({"external_study_url": null})).status == 400
    }),
    ("Q031", |lab| lab.create(json!({})).status == 201 && lab.create(json!({})).status == 201),
    ("Q032", |lab| {
        lab.create(json!({"study_labels": ["survey", "interview"]})).status == 400
            && lab.create(json!({"study_labels": ["survey"]})).status == 201
    }),
    ("Q033", |lab| {
        let at = |minutes: u64| lab.create(json!({"maximum_allowed_time": minutes})).status;
        (at(28), at(29)) == (400, 201)
    }),
    ("Q036", |lab| lab.act("STOP")["status"] == "AWAITING REVIEW"),
    ("Q037", |lab| {
        lab.act("STOP");
        lab.act("START")["status"] == "ACTIVE"
    }),
    ("Q038", |lab| {
        let second = lab.take_part("p2");
        lab.reject(second.submission_id());
        lab.study()["status"] == "AWAITING REVIEW" && lab.act("START")["status"] == "ACTIVE"
    }),
    ("Q039", |lab| {
        lab.act("STOP");
        lab.approve(&lab.first());
        let before = lab.study()["status"].clone();
        let after = lab.patch(json!({"total_available_places": 3})).json()["status"].clone();
        (before, after) == (json!("COMPLETED"), json!("ACTIVE"))
    }),
    ("Q040", |lab| {
        lab.take_part("p2");
        let before = lab.study()["status"].clone();
        lab.patch(json!({"total_available_places": 3}));
        lab.take_part("p3");
        (before, lab.study()["status"].clone()) == (json!("AWAITING REVIEW"), json!("AWAITING REVIEW"))
    }),
    ("Q042", |lab| {
        let pay = json!({"action": "FIXED_SCREEN_OUT_PAYMENT", "fixed_screen_out_reward": 30, "slots": 1});
        let draft = lab.draft(json!({
            "completion_codes": [{"code": "OUT", "code_type": "FIXED_SCREENOUT", "actions": [pay]}],
        }));
        lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let id = text(&lab.get(&draft)["id"]).to_owned();
        let out = lab.0.participant("p5").take(&id).unwrap().submit("OUT").unwrap();
        (out.status().as_str(), &lab.get(&draft)["status"]) == ("SCREENED OUT", &json!("PAUSED"))
    }),
    ("Q043", |lab| {
        let refused = lab.patch(json!({"name": "Other", "internal_name": "Wave 2"}));
        refused.status == 400 && lab.study()["internal_name"].is_null()
    }),
    ("Q044", |lab| {
        let places = |number: u64| lab.patch(json!({"total_available_places": number}));
        places(1).status == 400 && places(3).json()["total_available_places"] == 3
    }),
    ("Q045", |lab| {
        let places = |number: u64| lab.patch(json!({"total_available_places": number})).json();
        (places(4)["total_available_places"].clone(), places(5)["total_available_places"].clone())
            == (json!(4), json!(5))
    }),
    ("Q046", |lab| {
        let task = |url: &str| json!({"external_url": url, "total_allocation": 2});
        let draft = lab.draft(json!({"external_study_url": null, "access_details": [task("https://a.example")]}));
        lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let changed = lab.request("PATCH", &draft, json!({"access_details": [task("https://b.example")]}));
        changed.json()["access_details"].as_array().is_some_and(|tasks| tasks.len() == 2)
    }),
    ("Q051", |lab| {
        lab.post("/api/v1/researchers/participants/", json!({"email": "a@example.org"}));
        let draft = lab.draft(json!({}));
        [format!("{draft}test-study"), format!("{draft}test-study/")]
            .into_iter()
            .all(|path| lab.post(&path, json!(null)).status == 200)
    }),
    ("Q052", |lab| lab.post(&format!("{}test-study", lab.draft(json!({}))), json!(null)).status == 400),
    ("Q054", |lab| {
        let copy = lab.post("/api/v1/studies/s1/clone/", json!({})).json();
        let keep_out = json!([{"filter_id": "previous_studies_blocklist", "selected_values": ["s1"]}]);
        (&copy["name"], &copy["filters"]) == (&json!("Naming colours Copy"), &keep_out)
    }),
    ("Q055", |lab| {
        let counts = lab.get("/api/v1/studies/s1/submissions/counts/");
        counts["AWAITING REVIEW"] == 1 && counts["TIMED-OUT"] == 0 && counts["TOTAL"] == 1
    }),
    ("Q056", |lab| lab.get(&lab.big_list(""))["results"].as_array().is_some_and(|list| list.len() == 20)),
    ("Q057", |lab| lab.request("GET", &lab.big_list("&page=3"), json!(null)).status == 404),
    ("Q059", |lab| {
        let list = |query: &str| lab.get(&format!("/api/v1/submissions/?study=s1&{query}"))["results"].clone();
        let wrong = lab.request("GET", "/api/v1/submissions/?study=s1&submitted_from=2024-01-01", json!(null));
        list("submitted_from=01/01/2024&submitted_before=02/01/2024") != json!([])
            && list("submitted_from=02/01/2024") == json!([])
            && wrong.status == 400
    }),
    ("Q060", |lab| {
        let list = lab.get("/api/v1/submissions/?study=s1&status=AWAITING_REVIEW");
        list["results"][0]["status"] == "AWAITING REVIEW"
    }),
    ("Q062", |lab| {
        let listed = &lab.get("/api/v1/submissions/?study=s1")["results"][0];
        let alone = lab.get(&format!("/api/v1/submissions/{}/", lab.first()));
        (&listed["participant_id"], &listed["study_code"]) == (&alone["participant"], &alone["entered_code"])
            && listed["participant_id"] == "p1"
    }),
    ("Q063", |lab| {
        lab.0.participant("p2").take("s1").unwrap().submit_without_code().unwrap();
        lab.patch(json!({"total_available_places": 3}));
        lab.0.participant("p3").take("s1").unwrap().submit("COMPLETED. ").unwrap();
        let codes = lab.get("/api/v1/submissions/?study=s1")["results"].clone();
        (&codes[1]["study_code"], &codes[2]["study_code"]) == (&json!("NOCODE"), &json!("COMPLETED. "))
    }),
    ("Q064", |lab| {
        let ids = ["a", "b", "c", "d"];
        lab.post("/api/v1/participant-groups/g1/participants/", json!({"participant_ids": ids}));
        let members = lab.get("/api/v1/participant-groups/g1/participants/")["results"].clone();
        let lengths = members.as_array().unwrap().iter().map(|one| text(&one["datetime_created"]).len());
        lengths.collect::<std::collections::BTreeSet<_>>() == [20, 24, 27].into()
    }),
    ("Q066", |lab| lab.get("/api/v1/studies/s1/submissions/?limit=1&offset=1")["results"] == json!([])),
    ("Q068", |lab| lab.get("/api/v1/workspaces/")["_links"]["next"]["href"].is_null()),
    ("Q070", |lab| lab.get("/api/v1/workspaces/")["meta"]["count"] == 1),
    ("Q071", |lab| {
        let active = lab.0.participant("p2").take("s1").unwrap();
        lab.approve(active.submission_id()).status == 400
    }),
    ("Q072", |lab| lab.approve(&lab.first()).json() == lab.approve(&lab.first()).json()),
    ("Q073", |lab| {
        let path = format!("/api/v1/submissions/{}/transition/", lab.first());
        let body = json!({"action": "REJECT", "rejection_category": "NO_DATA", "message": "Too short."});
        lab.post(&path, body).status == 400
    }),
    ("Q075", |lab| {
        lab.reject(&lab.first());
        let path = format!("/api/v1/submissions/{}/transition/", lab.first());
        lab.post(&path, json!({"action": "UNREJECT"})).json()["status"] == "AWAITING REVIEW"
    }),
    ("Q076", |lab| {
        let code = json!({
            "code": "PART", "code_type": "OTHER", "actor": "researcher", "actions": [{"action": "DYNAMIC_PAYMENT"}],
        });
        let draft = lab.draft(json!({"completion_codes": [code]}));
        lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let id = text(&lab.get(&draft)["id"]).to_owned();
        let submission = lab.0.participant("p5").take(&id).unwrap();
        let body = json!({
            "action": "COMPLETE", "completion_code": "PART", "completion_code_data": {"percentage_of_reward": 50},
        });
        let path = format!("/api/v1/submissions/{}/transition/", submission.submission_id());
        lab.post(&path, body).json()["status"] == "PARTIALLY APPROVED"
    }),
    ("Q078", |lab| {
        let draft = lab.draft(json!({"total_available_places": 2}));
        lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let study = text(&lab.get(&draft)["id"]).to_owned();
        let body = json!({"study_id": study, "participant_ids": ["p1", "p2"]});
        let hand_in = |id: &str| lab.0.participant(id).take(&study).unwrap().submit("COMPLETED").unwrap();
        let first = hand_in("p1");
        lab.post("/api/v1/submissions/bulk-approve/", body.clone());
        let second = hand_in("p2");
        lab.post("/api/v1/submissions/bulk-approve/", body.clone());
        let ignored = second.status();
        lab.advance(Duration::from_secs(300));
        lab.post("/api/v1/submissions/bulk-approve/", body);
        (first.status().as_str(), ignored.as_str(), second.status().as_str())
            == ("APPROVED", "AWAITING REVIEW", "APPROVED")
    }),
    ("Q079", |lab| {
        let body = json!({"submission_ids": [lab.first(), "unknown"]});
        let response = lab.post("/api/v1/submissions/bulk-approve/", body);
        (response.status, response.json().is_string()) == (200, true)
    }),
    ("Q080", |lab| {
        let path = format!("/api/v1/submissions/{}/request-return/", lab.first());
        for _ in 0..2 {
            lab.post(&path, json!({"request_return_reasons": ["You did not consent."]}));
        }
        lab.messages().len() == 2
    }),
    ("Q081", |lab| {
        let message = lab.send_message();
        message["sender_id"] == message["sender"] && message["sent_at"] == message["datetime_created"]
    }),
    ("Q082", |lab| {
        let refused = lab.request("GET", "/api/v1/messages/", json!(null)).status == 400;
        lab.send_message();
        lab.advance(Duration::from_secs(30 * 86_400));
        refused && lab.messages().is_empty()
    }),
    ("Q083", |lab| {
        lab.0.participant("p1").write("Hello", None);
        let unread = || lab.get("/api/v1/messages/unread/")["results"].clone();
        unread() == unread() && unread()[0]["body"] == "Hello"
    }),
    ("Q084", |lab| {
        let message = json!({"recipient_id": "p1", "body": "Hello", "study_id": "s1"});
        let response = lab.post("/api/v1/messages/", message);
        (response.status, response.body.len()) == (204, 0)
    }),
    ("Q085", |lab| {
        let filters = lab.get("/api/v1/filters/")["results"].clone();
        let choices = filters.as_array().unwrap().iter().find_map(|filter| filter["choices"].as_object());
        choices.is_some_and(|choices| choices.keys().all(|key| key.parse::<u32>().is_ok()))
    }),
    ("Q087", |lab| {
        let filters = lab.get("/api/v1/filters/")["results"].clone();
        let kinds = filters.as_array().unwrap().iter().map(|filter| text(&filter["type"]).to_owned());
        kinds.collect::<std::collections::BTreeSet<_>>() == ["range".to_owned(), "select".to_owned()].into()
    }),
    ("Q088", |lab| {
        let count = lab.post("/api/v1/eligibility-count/", json!({"filters": []})).json()["count"].clone();
        let one = json!({"filters": [{"filter_id": "custom_allowlist", "selected_values": ["p1"]}]});
        count == 31 && lab.post("/api/v1/eligibility-count/", one).json()["count"] == 0
    }),
    ("Q090", |lab| {
        let filter = json!({"filter_id": "sex", "selected_values": ["0", "1"], "weightings": {"0": 1, "1": 2}});
        lab.create(json!({"filters": [filter]})).json()["filters"][0]["weightings"]["1"] == 2
    }),
    ("Q092", |lab| {
        let filter = json!({"filter_id": "participant_group_allowlist", "selected_values": ["g1"]});
        let draft = lab.draft(json!({"filters": [filter]}));
        lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let study = text(&lab.get(&draft)["id"]).to_owned();
        let before = lab.0.participant("p7").take(&study).is_ok();
        lab.post("/api/v1/participant-groups/g1/participants/", json!({"participant_ids": ["p7"]}));
        (before, lab.0.participant("p7").take(&study).is_ok()) == (false, true)
    }),
    ("Q093", |lab| {
        let filter = |ids: &[&str]| json!({"filter_id": "custom_allowlist", "selected_values": ids});
        let draft = lab.draft(json!({"filters": [filter(&["p7", "p8"]), filter(&["p8", "p9"])]}));
        lab.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let study = text(&lab.get(&draft)["id"]).to_owned();
        ["p7", "p8", "p9"].map(|id| lab.0.participant(id).take(&study).is_ok()) == [false, true, false]
    }),
    ("Q094", |lab| {
        for number in 0..25 {
            lab.post("/api/v1/workspaces/w1/projects/", json!({"title": number.to_string()}));
        }
        let list = lab.get("/api/v1/workspaces/w1/projects/");
        list["results"].as_array().is_some_and(|list| list.len() == 20) && list["meta"]["count"] == 26
    }),
    ("Q095", |lab| {
        let create = || lab.post("/api/v1/workspaces/w1/projects/", json!({"title": "Colours"}));
        (create().status, create().status) == (201, 201)
    }),
    ("Q096", |lab| lab.get("/api/v1/workspaces/w1/")["owner"] == lab.get("/api/v1/users/me/")["id"]),
    ("Q097", |lab| {
        let create = || lab.post("/api/v1/researchers/participants/", json!({"email": "a@example.org"}));
        (create().status, create().status) == (201, 400)
    }),
    ("Q117", |lab| lab.get("/api/v1/users/me") == lab.get("/api/v1/users/me/")),
];

impl Lab {
    async fn start() -> std::io::Result<Self> {
        let study = SeedStudy::new("Naming colours").id("s1").places(2).reward(450).submission("p1", "COMPLETED");
        let seed = Seed::new()
            .workspace("w1", "Lab")
            .balance(100_000)
            .project("j1", "w1", "Colours")
            .group(SeedGroup::in_workspace("Cohort", "w1").id("g1").participant_ids(["p1"]))
            .study(study)
            .participants(30);
        Sandbox::builder().seed(seed).start().await.map(Self)
    }

    /// Without a body if it is null.
    #[allow(clippy::needless_pass_by_value, reason = "checks write it in place")]
    fn request(&self, method: &str, path: &str, body: Value) -> Response {
        let token = format!("Authorization: Token {}", self.0.token());
        let body = if body.is_null() { String::new() } else { body.to_string() };
        let head = [&format!("{method} {path}"), &token, "Content-Type: application/json"];
        send(self.0.url(), &head, body.as_bytes()).unwrap()
    }

    fn post(&self, path: &str, body: Value) -> Response {
        self.request("POST", path, body)
    }

    fn get(&self, path: &str) -> Value {
        let response = self.request("GET", path, Value::Null);
        assert_eq!(response.status, 200, "{path}: {}", response.json());
        response.json()
    }

    /// Turns the clock. The checks are no futures, and run on a thread that must not wait for one.
    fn advance(&self, by: Duration) {
        let advance = || Builder::new_current_thread().build().unwrap().block_on(self.0.advance(by));
        thread::scope(|scope| scope.spawn(advance).join()).unwrap();
    }

    fn study(&self) -> Value {
        self.get("/api/v1/studies/s1/")
    }

    fn act(&self, action: &str) -> Value {
        self.post("/api/v1/studies/s1/transition/", json!({"action": action})).json()
    }

    fn patch(&self, changes: Value) -> Response {
        self.request("PATCH", "/api/v1/studies/s1/", changes)
    }

    /// Creates a study. What is null is left out.
    #[allow(clippy::needless_pass_by_value, reason = "checks write it in place")]
    fn create(&self, more: Value) -> Response {
        let mut body = json!({
            "project": "j1", "name": "A", "description": "B", "external_study_url": "https://lab.example",
            "prolific_id_option": "url_parameters", "total_available_places": 2, "estimated_completion_time": 10,
            "reward": 100,
            "completion_codes": [{
                "code": "COMPLETED", "code_type": "COMPLETED", "actions": [{"action": "MANUALLY_REVIEW"}],
            }],
        });
        let fields = body.as_object_mut().unwrap();
        fields.extend(more.as_object().unwrap().clone());
        fields.retain(|_, value| !value.is_null());
        self.post("/api/v1/studies/", body)
    }

    /// The path of a new draft.
    fn draft(&self, more: Value) -> String {
        let response = self.create(more);
        assert_eq!(response.status, 201, "{}", response.json());
        format!("/api/v1/studies/{}/", text(&response.json()["id"]))
    }

    /// The id of the submission that there is at the beginning.
    fn first(&self) -> String {
        text(&self.get("/api/v1/submissions/?study=s1")["results"][0]["id"]).to_owned()
    }

    fn take_part(&self, participant: &str) -> Participation<'_> {
        self.0.participant(participant).take("s1").unwrap().submit("COMPLETED").unwrap()
    }

    fn approve(&self, submission: &str) -> Response {
        self.post(&format!("/api/v1/submissions/{submission}/transition/"), json!({"action": "APPROVE"}))
    }

    fn reject(&self, submission: &str) {
        let body = json!({"action": "REJECT", "rejection_category": "NO_DATA", "message": "a".repeat(100)});
        let response = self.post(&format!("/api/v1/submissions/{submission}/transition/"), body);
        assert_eq!(response.status, 200, "{}", response.json());
    }

    fn bonus(&self, lines: &str) -> Response {
        self.post("/api/v1/submissions/bonus-payments/", json!({"study_id": "s1", "csv_bonuses": lines}))
    }

    fn screen_out(&self, pay: f64, more_places: bool) -> Response {
        let ids = [self.first()];
        let body = json!({"submission_ids": ids, "bonus_per_submission": pay, "increase_places": more_places});
        self.post("/api/v1/studies/s1/screen-out-submissions/", body)
    }

    /// The path of a list of 25 submissions.
    fn big_list(&self, query: &str) -> String {
        let draft = self.draft(json!({"total_available_places": 30}));
        self.post(&format!("{draft}transition/"), json!({"action": "PUBLISH"}));
        let study = text(&self.get(&draft)["id"]).to_owned();
        for number in 0..25 {
            self.0.participant(format!("b{number}")).take(&study).unwrap();
        }
        format!("/api/v1/submissions/?study={study}{query}")
    }

    fn messages(&self) -> Vec<Value> {
        self.get("/api/v1/messages/?user_id=p1")["results"].as_array().unwrap().clone()
    }

    fn send_message(&self) -> Value {
        self.post("/api/v1/messages/", json!({"recipient_id": "p1", "body": "Hello", "study_id": "s1"}));
        self.messages().remove(0)
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

/// The numbers in the page that are reproduced, switches aside.
fn reproduced() -> impl Iterator<Item = &'static str> {
    let rows = PAGE.lines().filter(|line| line.starts_with("| Q") && line.ends_with("| reproduced |"));
    rows.filter_map(|line| line.get(2..6))
}

#[test]
fn the_page_has_every_quirk_once_and_says_what_becomes_of_it() {
    let rows: Vec<_> = PAGE.lines().filter(|line| line.starts_with("| Q")).collect();
    let numbers: Vec<_> = rows.iter().map(|row| row[3..6].parse::<usize>().unwrap()).collect();
    assert_eq!(numbers, (1..=120).collect::<Vec<_>>());
    for row in rows {
        let here = row.trim_end_matches(" |").rsplit(" | ").next().unwrap();
        let fits = ["reproduced", "not reproduced: ", "with `Quirk::"].into_iter().any(|word| here.starts_with(word));
        assert!(fits, "{row}");
    }
}

#[tokio::test]
async fn what_the_page_says_is_reproduced_is() -> std::io::Result<()> {
    let tried = CHECKS.iter().map(|(number, _)| *number);
    assert_eq!(reproduced().collect::<Vec<_>>(), tried.collect::<Vec<_>>());
    let mut wrong = Vec::new();
    for (number, check) in CHECKS {
        let lab = Lab::start().await?;
        if !check(&lab) {
            wrong.push(*number);
        }
    }
    assert_eq!(wrong, [""; 0]);
    Ok(())
}
