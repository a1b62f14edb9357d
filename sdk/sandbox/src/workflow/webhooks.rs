//! Secrets and subscriptions: who wants to be told what.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Refused;
use crate::store::World;
use crate::store::webhook::{Secret, Subscription};
use crate::target::Target;

impl World {
    /// Creates the secret of a workspace, in place of the one that it has.
    pub(crate) fn create_secret(&mut self, workspace: &str) -> Result<&Secret, Refused> {
        self.check_workspace(workspace)?;
        let id = self.next_id("68");
        let secret = Secret { value: made_up("secret", &id), id, workspace: workspace.to_owned() };
        let secrets = self.webhooks.secrets.entry(workspace.to_owned());
        Ok(secrets.insert_entry(secret).into_mut())
    }

    /// Creates a subscription, which is disabled until it is confirmed.
    pub(crate) fn subscribe(&mut self, workspace: &str, kind: &str, target: &str) -> Result<&Subscription, Refused> {
        self.check_workspace(workspace)?;
        if !self.webhooks.secrets.contains_key(workspace) {
            return Err(Refused::because("Subscriptions can only be created for workspaces with a secret."));
        }
        check_target(target)?;
        let id = self.next_id("69");
        let subscription = Subscription {
            id: id.clone(),
            workspace: workspace.to_owned(),
            kind: kind.to_owned(),
            target: target.to_owned(),
            is_enabled: false,
            is_confirmed: false,
            hook_secret: made_up("hook", &id),
            count: 0,
        };
        Ok(self.webhooks.subscriptions.entry(id).or_insert(subscription))
    }

    /// Enables a subscription for good. Nothing changes if the secret is not the one that came with it.
    pub(crate) fn confirm(&mut self, id: &str, secret: &str) -> Result<(), Refused> {
        let subscription = self.subscription_mut(id)?;
        if subscription.hook_secret != secret {
            let problem = "This is not the X-Hook-Secret of the response that created the subscription.";
            return Err(Refused::because(json!({"secret": [problem]})));
        }
        subscription.is_confirmed = true;
        self.enable(id)
    }

    /// Changes a subscription. Nothing changes if one of the changes is not allowed.
    pub(crate) fn update_subscription(&mut self, id: &str, changes: &Value) -> Result<(), Refused> {
        let text = |name: &str| changes[name].as_str().map(str::to_owned);
        let (kind, target, is_enabled) = (text("event_type"), text("target_url"), changes["is_enabled"].as_bool());
        let subscription = self.subscription_mut(id)?;
        if is_enabled == Some(true) && !subscription.is_confirmed {
            return Err(Refused::because(json!({"is_enabled": ["The subscription was never confirmed."]})));
        }
        if let Some(target) = target {
            check_target(&target)?;
            subscription.target = target;
        }
        if let Some(kind) = kind {
            subscription.kind = kind;
        }
        match is_enabled {
            Some(true) => self.enable(id)?,
            Some(false) => subscription.is_enabled = false,
            None => {}
        }
        Ok(())
    }

    /// Deletes a subscription with its events.
    pub(crate) fn unsubscribe(&mut self, id: &str) -> Result<(), Refused> {
        self.webhooks.subscriptions.shift_remove(id).ok_or_else(Refused::unknown)?;
        self.webhooks.events.retain(|_, event| event.subscription != id);
        Ok(())
    }

    fn enable(&mut self, id: &str) -> Result<(), Refused> {
        let subscription = self.subscription_mut(id)?;
        subscription.is_enabled = true;
        // The days begin anew.
        let target = (subscription.target.clone(), subscription.kind.clone());
        self.webhooks.failing.remove(&target);
        Ok(())
    }

    pub(crate) fn subscription(&self, id: &str) -> Result<&Subscription, Refused> {
        self.webhooks.subscriptions.get(id).ok_or_else(Refused::unknown)
    }

    fn subscription_mut(&mut self, id: &str) -> Result<&mut Subscription, Refused> {
        self.webhooks.subscriptions.get_mut(id).ok_or_else(Refused::unknown)
    }

    fn check_workspace(&self, id: &str) -> Result<(), Refused> {
        let problem = || Refused::because(json!({"workspace_id": ["There is no such workspace."]}));
        self.workspaces.get(id).map(|_| ()).ok_or_else(problem)
    }
}

fn check_target(url: &str) -> Result<(), Refused> {
    let problem = "The sandbox sends events to this machine only: to a URL such as http://127.0.0.1:8000/events, with \
                   http and a loopback address or localhost. The service requires https and a public address.";
    Target::parse(url).map(|_| ()).ok_or_else(|| Refused::because(json!({"target_url": [problem]})))
}

/// A secret that looks like those of the service, and is the same on every run.
fn made_up(kind: &str, id: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{kind} {id}")))
}
