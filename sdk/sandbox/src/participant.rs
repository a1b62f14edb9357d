//! The participants of a sandbox, whom a program leads through studies.

use crate::sandbox::Sandbox;
use crate::store::World;
use crate::workflow::Refused;

/// Somebody who can take part in studies. Returned by [`Sandbox::participant`].
#[derive(Debug, Clone)]
pub struct Participant<'a> {
    sandbox: &'a Sandbox,
    id: String,
}

/// A participant's part in a study: one submission. Returned by [`Participant::take`].
#[derive(Debug, Clone)]
pub struct Participation<'a> {
    sandbox: &'a Sandbox,
    submission_id: String,
}

impl Sandbox {
    /// A participant with this id, who needs no registration: any text is one.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use prolific_sandbox::{Sandbox, Seed, SeedStudy};
    ///
    /// let study = SeedStudy::new("Naming colours").id("s1").reward(150).places(2).published();
    /// let sandbox = Sandbox::builder().seed(Seed::new().workspace("w1", "Lab").study(study)).start().await?;
    /// let submission = sandbox.participant("p1").take("s1")?.submit("COMPLETED")?;
    /// assert_eq!(submission.status(), "AWAITING REVIEW");
    /// # Ok(())
    /// # }
    /// ```
    pub fn participant(&self, id: impl Into<String>) -> Participant<'_> {
        Participant { sandbox: self, id: id.into() }
    }
}

impl<'a> Participant<'a> {
    /// Reserves a place in a study. The participant has ten minutes to begin.
    ///
    /// # Errors
    ///
    /// If the study does not take the participant: it is not active, has no free place, or keeps the participant out.
    /// If there is no such study.
    pub fn reserve(&self, study_id: impl AsRef<str>) -> Result<Participation<'a>, Refused> {
        let id = self.sandbox.world(|world| world.take(study_id.as_ref(), &self.id))?;
        Ok(Participation { sandbox: self.sandbox, submission_id: id })
    }

    /// Reserves a place in a study and begins.
    ///
    /// # Errors
    ///
    /// As for [`reserve`](Self::reserve).
    pub fn take(&self, study_id: impl AsRef<str>) -> Result<Participation<'a>, Refused> {
        self.reserve(study_id)?.begin()
    }

    /// Writes a message to the user of the token, about a study or none.
    pub fn write(&self, body: impl AsRef<str>, study_id: Option<&str>) {
        self.sandbox.world(|world| world.receive(&self.id, body.as_ref(), study_id));
    }
}

impl Participation<'_> {
    /// The id of the submission.
    #[must_use]
    pub fn submission_id(&self) -> &str {
        &self.submission_id
    }

    /// The status of the submission now, as the service writes it.
    #[must_use]
    pub fn status(&self) -> String {
        let status = |world: &mut World| Some(world.submissions.get(&self.submission_id)?.status.as_str());
        self.sandbox.world(status).unwrap_or_default().to_owned()
    }

    /// Begins.
    ///
    /// # Errors
    ///
    /// If the submission is not reserved.
    pub fn begin(self) -> Result<Self, Refused> {
        self.then(World::begin_submission)
    }

    /// Hands in with a completion code, whose actions are performed.
    ///
    /// # Errors
    ///
    /// If the submission is not active; if an action of the code cannot be performed.
    pub fn submit(self, code: impl AsRef<str>) -> Result<Self, Refused> {
        self.then(|world, id| world.hand_in(id, Some(code.as_ref())))
    }

    /// Hands in without a code.
    ///
    /// # Errors
    ///
    /// If the submission is not active.
    pub fn submit_without_code(self) -> Result<Self, Refused> {
        self.then(|world, id| world.hand_in(id, None))
    }

    /// Gives the place back, or withdraws what was handed in.
    ///
    /// # Errors
    ///
    /// If the submission is over.
    pub fn return_submission(self) -> Result<Self, Refused> {
        self.then(World::return_submission)
    }

    /// Does not come, so that the reservation ends.
    ///
    /// # Errors
    ///
    /// If the submission is not reserved.
    pub fn no_show(self) -> Result<Self, Refused> {
        self.then(World::no_show)
    }

    /// Takes too long.
    ///
    /// # Errors
    ///
    /// If the submission is not active.
    pub fn time_out(self) -> Result<Self, Refused> {
        self.then(World::time_out)
    }

    fn then(self, what: impl FnOnce(&mut World, &str) -> Result<(), Refused>) -> Result<Self, Refused> {
        self.sandbox.world(|world| what(world, &self.submission_id))?;
        Ok(self)
    }
}
