//! Lists page by page, with and without the envelope that the documentation does not mention.

use std::io::Result;

use prolific_sandbox::{Builder, Sandbox, Seed, SeedGroup};
use serde_json::{Value, json};

use crate::http::{each, read};

const LIST: &str = "/api/v1/participant-groups/";

/// Groups named 1 to 5 with 300 members each, and three workspaces.
fn builder() -> Builder {
    let ids: Vec<_> = (0..300).map(|number| format!("p{number}")).collect();
    let mut seed = Seed::new();
    for number in 1..=5 {
        let name = number.to_string();
        seed = seed.group(SeedGroup::in_workspace(&name, "w 1").id(name).participant_ids(&ids));
    }
    for id in ["w1", "w2", "w3"] {
        seed = seed.workspace(id, "Workspace");
    }
    Sandbox::builder().seed(seed)
}

fn groups(sandbox: &Sandbox, query: &str) -> Result<Value> {
    read(sandbox, "participant_groups_list", &format!("?workspace_id=w%201{query}"))
}

#[tokio::test]
async fn limit_and_offset_select_the_items() -> Result<()> {
    let sandbox = builder().start().await?;
    let cases: [(&str, &[&str]); 7] = [
        ("&limit=2", &["1", "2"]),
        ("&limit=2&offset=2", &["3", "4"]),
        ("&limit=2&offset=4", &["5"]),
        ("&offset=3", &["4", "5"]),
        ("&offset=5", &[]),
        ("&limit=9&offset=18446744073709551615", &[]),
        ("&limit=18446744073709551615&offset=1", &["2", "3", "4", "5"]),
    ];
    for (query, ids) in cases {
        let list = groups(&sandbox, query)?;
        assert_eq!(
            (each(&list, "id"), &list["meta"]),
            (ids.iter().map(ToString::to_string).collect(), &json!({"count": 5}))
        );
    }
    Ok(())
}

#[tokio::test]
async fn the_links_lead_through_all_pages_and_keep_the_other_parameters() -> Result<()> {
    let sandbox = builder().start().await?;
    let address = |offset| format!("{LIST}?workspace_id=w+1&active=true&limit=2&offset={offset}");
    let href = |list: &Value, name: &str| list["_links"][name]["href"].as_str().map(str::to_owned);

    let mut list = groups(&sandbox, "&limit=2&active=true")?;
    let (mut ids, mut offset) = (each(&list, "id"), 0);
    assert_eq!(href(&list, "previous"), None);
    while let Some(next) = href(&list, "next") {
        offset += 2;
        assert_eq!((&next, href(&list, "last")), (&address(offset), Some(address(4))));
        list = read(&sandbox, "participant_groups_list", next.trim_start_matches(LIST))?;
        assert_eq!(href(&list, "previous"), Some(address(offset - 2)));
        ids.extend(each(&list, "id"));
    }
    assert_eq!(ids, ["1", "2", "3", "4", "5"]);
    Ok(())
}

#[tokio::test]
async fn the_links_stay_inside_the_list() -> Result<()> {
    let sandbox = builder().start().await?;
    let offsets = |list: &Value| {
        ["next", "previous", "last"].map(|name| {
            list["_links"][name]["href"].as_str().and_then(|href| href.split("offset=").nth(1)).map(str::to_owned)
        })
    };
    let some = |offset: &str| Some(offset.to_owned());
    assert_eq!(offsets(&groups(&sandbox, "&limit=5")?), [None, None, some("0")], "one page exactly");
    assert_eq!(offsets(&groups(&sandbox, "&limit=3&offset=1")?), [some("4"), some("0"), some("3")]);
    assert_eq!(offsets(&groups(&sandbox, "&limit=2&offset=99")?), [None, some("4"), some("4")]);
    assert_eq!(offsets(&groups(&sandbox, "&search=nothing")?), [None, None, some("0")], "an empty list");
    Ok(())
}

#[tokio::test]
async fn without_a_limit_a_page_has_200_items_and_there_is_no_maximum() -> Result<()> {
    let sandbox = builder().start().await?;
    let members =
        |query: &str| read(&sandbox, "participant_groups_list_participants", &format!("1/participants/{query}"));
    let first = members("")?;
    assert_eq!((each(&first, "participant_id").len(), &first["meta"]["count"]), (200, &json!(300)));
    assert_eq!(first["_links"]["next"]["href"], format!("{LIST}1/participants/?limit=200&offset=200"));
    assert_eq!(each(&members("?offset=200")?, "participant_id").len(), 100);
    assert_eq!(each(&members("?limit=1000")?, "participant_id").len(), 300);
    Ok(())
}

#[tokio::test]
async fn workspaces_have_pages_as_well() -> Result<()> {
    let sandbox = builder().start().await?;
    let list = read(&sandbox, "workspaces_list", "?limit=1&offset=1")?;
    assert_eq!((each(&list, "id"), &list["meta"]["count"]), (vec!["w2".to_owned()], &json!(3)));
    assert_eq!(list["_links"]["next"]["href"], "/api/v1/workspaces/?limit=1&offset=2");
    Ok(())
}

#[tokio::test]
async fn without_the_envelope_a_list_has_only_results() -> Result<()> {
    let sandbox = builder().envelope(false).start().await?;
    let list = groups(&sandbox, "&limit=2&offset=1")?;
    assert_eq!(each(&list, "id"), ["2", "3"]);
    for list in [
        list,
        read(&sandbox, "participant_groups_list_participants", "1/participants/")?,
        read(&sandbox, "workspaces_list", "")?,
    ] {
        assert_eq!(list, json!({"results": list["results"]}));
    }
    Ok(())
}
