//! The state that a sandbox begins with.

use std::time::Duration;

use serde_json::json;

use super::Refused;
use crate::seed::{Seed, SeedFilterSet, SeedStudy};
use crate::store::clock::Clock;
use crate::store::filter_set::FilterSet;
use crate::store::group::Group;
use crate::store::money::{Money, Wallet};
use crate::store::{Due, Plan, Project, User, Workspace, World};

impl World {
    /// The state that a seed describes, at this time. An error if two things of one kind have the same id, or if a study
    /// is refused.
    pub(crate) fn begin(seed: Seed, clock: Clock) -> Result<Self, String> {
        seed.check()?;
        let Seed { user, workspaces, projects, groups, filter_sets, studies, participants } = seed;
        let mut world = Self::default();
        (world.clock, world.user) = (clock, User { id: user.id, email: user.email });
        world.reserved = groups.iter().filter_map(|group| group.id.clone()).collect();
        for workspace in workspaces {
            let (id, wallet) = (workspace.id, Wallet::new(Money::minor(workspace.balance)));
            if !projects.iter().any(|project| project.workspace_id == id) {
                let fields = json!({"title": workspace.title}).as_object().cloned().unwrap_or_default();
                world.add_project(&id, fields);
            }
            world.workspaces.insert(id.clone(), Workspace { id, title: workspace.title, wallet });
        }
        for project in projects {
            let fields = json!({"title": project.title}).as_object().cloned().unwrap_or_default();
            if !world.workspaces.contains_key(&project.workspace_id) {
                return Err(format!("the project {} is in a workspace that the seed does not have", project.id));
            }
            let (id, workspace) = (project.id, project.workspace_id);
            world.projects.insert(id.clone(), Project { id, workspace, fields });
        }
        for group in groups {
            let id = group.id.unwrap_or_else(|| world.next_group_id());
            let mut made = Group::new(id.clone(), group.name, group.owner);
            (made.description, made.is_deleted) = (group.description, group.is_deleted);
            for participant in &group.participant_ids {
                world.participants.entry(participant.clone()).or_default();
            }
            made.add(group.participant_ids, &mut world.clock);
            world.groups.insert(id, made);
        }
        for set in filter_sets {
            let SeedFilterSet { id, name, owner, version, filters, is_locked, is_deleted } = set;
            let set = FilterSet { id: id.clone(), name, owner, version, filters, is_locked, is_deleted };
            world.filter_sets.insert(id, set);
        }
        for study in studies {
            let name = study.fields.get("name").map_or_else(|| "without a name".to_owned(), ToString::to_string);
            world.add_study(study).map_err(|refused| format!("the study {name} of the seed: {refused}"))?;
        }
        for number in 1..=participants {
            world.participants.entry(format!("5b{number:022x}")).or_default();
        }
        Ok(world)
    }

    fn add_study(&mut self, study: SeedStudy) -> Result<(), Refused> {
        let project = study.project_id.clone().or_else(|| self.projects.keys().next().cloned());
        let made = self.draft(&project.unwrap_or_default(), study.create_request())?;
        let id = match study.id {
            Some(id) => self.rename_study(&made, id),
            None => made,
        };
        self.note_feeders(&id);
        if study.published {
            self.publish(&id, "PUBLISH")?;
        }
        for submission in study.submissions {
            let own = self.take(&id, &submission.participant_id)?;
            self.begin_submission(&own)?;
            self.hand_in(&own, submission.code.as_deref())?;
        }
        if let Some(plan) = study.arrivals {
            let every = Duration::from_secs(plan.every_seconds);
            self.plans.insert(id.clone(), Plan { count: plan.count, every, code: plan.code });
            if plan.count > 0 {
                self.later(every, Due::Arrival(id, 1));
            }
        }
        Ok(())
    }
}
