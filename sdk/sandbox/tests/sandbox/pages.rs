//! Lists page by page, with and without the envelope that the documentation does not mention.

use std::io::Result;

use prolific_sandbox::{Builder, Quirk, Sandbox, Seed, SeedGroup};
use serde_json::{Value, json};

use crate::http::{each, read};

const LIST: &str = "http://localhost/api/v1/participant-groups/";

/// Groups named 1 to 5 with 300 members each, and 30 workspaces.
fn builder() -> Builder {
    let ids: Vec<_> = (0..300).map(|number| format!("p{number}")).collect();
    let mut seed = Seed::new();
    for number in 1..=5 {
        let name = number.to_string();
        seed = seed.group(SeedGroup::in_workspace(&name, "w 1").id(name).participant_ids(&ids));
    }
    for number in 1..=30 {
        seed = seed.workspace(format!("w{number}"), "Workspace");
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
    assert_eq!((href(&list, "self"), href(&list, "previous")), (Some(address(0)), None));
    while let Some(next) = href(&list, "next") {
        offset += 2;
        assert_eq!((&next, href(&list, "last")), (&address(offset), Some(address(4))));
        list = read(&sandbox, "participant_groups_list", next.trim_start_matches(LIST))?;
        assert_eq!((href(&list, "self"), href(&list, "previous")), (Some(address(offset)), Some(address(offset - 2))));
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
async fn without_a_limit_a_page_has_20_items_and_there_is_no_maximum() -> Result<()> {
    let sandbox = builder().start().await?;
    let workspaces = |query: &str| read(&sandbox, "workspaces_list", query);
    let first = workspaces("")?;
    assert_eq!((each(&first, "id").len(), &first["meta"]["count"]), (20, &json!(30)));
    assert_eq!(first["_links"]["next"]["href"], "http://localhost/api/v1/workspaces/?limit=20&offset=20");
    assert_eq!(each(&workspaces("?offset=20")?, "id").len(), 10);
    assert_eq!(each(&workspaces("?limit=1000")?, "id").len(), 30);
    Ok(())
}

#[tokio::test]
async fn without_a_limit_all_members_of_a_group_are_on_one_page() -> Result<()> {
    let sandbox = builder().start().await?;
    let members =
        |query: &str| read(&sandbox, "participant_groups_list_participants", &format!("1/participants/{query}"));
    let all = members("")?;
    assert_eq!((each(&all, "participant_id").len(), &all["_links"]["next"]["href"]), (300, &json!(null)));
    assert_eq!(each(&members("?offset=280")?, "participant_id").len(), 20);
    let first = members("?limit=200")?;
    assert_eq!(each(&first, "participant_id").len(), 200);
    assert_eq!(first["_links"]["next"]["href"], format!("{LIST}1/participants/?limit=200&offset=200"));
    Ok(())
}

#[tokio::test]
async fn workspaces_have_pages_as_well() -> Result<()> {
    let sandbox = builder().start().await?;
    let list = read(&sandbox, "workspaces_list", "?limit=1&offset=1")?;
    assert_eq!((each(&list, "id"), &list["meta"]["count"]), (vec!["w2".to_owned()], &json!(30)));
    assert_eq!(list["_links"]["next"]["href"], "http://localhost/api/v1/workspaces/?limit=1&offset=2");
    Ok(())
}

#[tokio::test]
async fn groups_are_listed_by_project_as_well() -> Result<()> {
    let sandbox = builder().start().await?;
    let list = read(&sandbox, "participant_groups_list", "?project_id=p1")?;
    assert_eq!((&list["results"], &list["meta"]["count"]), (&json!([]), &json!(0)));
    let both = groups(&sandbox, "&project_id=p1")?;
    assert_eq!(both["meta"]["count"], 5, "the workspace counts");
    Ok(())
}

/// The ids on all pages of two groups, by way of the links, up to a number of pages; and the last link.
fn follow(sandbox: &Sandbox, pages: usize) -> Result<(Vec<String>, Value)> {
    let (mut ids, mut query) = (Vec::new(), "?workspace_id=w%201&limit=2".to_owned());
    for page in 1.. {
        let list = read(sandbox, "participant_groups_list", &query)?;
        ids.extend(each(&list, "id"));
        let next = &list["_links"]["next"]["href"];
        match next.as_str().and_then(|next| next.split_once('?')) {
            Some((_, next)) if page < pages => query = format!("?{next}"),
            _ => return Ok((ids, next.clone())),
        }
    }
    Ok((ids, Value::Null))
}

#[tokio::test]
async fn the_next_link_may_have_an_internal_host() -> Result<()> {
    let sandbox = builder().quirk(Quirk::InternalNextLink).start().await?;
    let list = groups(&sandbox, "&limit=2")?;
    let path = "/api/v1/participant-groups/?workspace_id=w+1&limit=2&offset=2";
    assert_eq!(list["_links"]["next"]["href"], format!("http://internal-api.invalid{path}"));
    assert_eq!(list["_links"]["self"]["href"], format!("{LIST}?workspace_id=w+1&limit=2&offset=0"));
    assert_eq!(follow(&sandbox, 9)?, (vec!["1".into(), "2".into(), "3".into(), "4".into(), "5".into()], json!(null)));
    Ok(())
}

#[tokio::test]
async fn the_next_link_may_lead_from_the_last_page_to_itself() -> Result<()> {
    let sandbox = builder().quirk(Quirk::EndlessNextLink).start().await?;
    let (ids, next) = follow(&sandbox, 5)?;
    assert_eq!(ids, ["1", "2", "3", "4", "5", "5", "5"]);
    assert_eq!(next, format!("{LIST}?workspace_id=w+1&limit=2&offset=4"));
    Ok(())
}

#[tokio::test]
async fn pages_may_overlap() -> Result<()> {
    let sandbox = builder().quirk(Quirk::OverlappingPages).start().await?;
    assert_eq!(follow(&sandbox, 9)?.0, ["1", "2", "2", "3", "4", "4", "5"]);
    assert_eq!(groups(&sandbox, "&limit=5&offset=5")?["results"], json!([]), "a page past the end is empty");
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
