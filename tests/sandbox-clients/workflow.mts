// The workflow of a study against the sandbox whose URL and token are given, with openapi-fetch and the types that
// openapi-typescript has generated in client.ts. The sandbox starts with seed.json.

import createClient from "openapi-fetch";
import type { paths } from "./client";

// What of node is used here.
declare const process: { argv: string[]; exitCode?: number };

const FIRST = "5e9b9c9b0f9c9a0001b0b1f4";

const [url, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Token ${token}` } });
let steps = 0;

function step(name: string, actual: unknown, expected: unknown) {
    const [is, should] = [JSON.stringify(actual), JSON.stringify(expected)];
    if (is !== should) {
        throw new Error(`${name}: ${is} and not ${should}`);
    }
    steps += 1;
}

/** What a call returns if it succeeds. */
async function value<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<NonNullable<T>> {
    const { data, error, response } = await call;
    if (data === undefined || data === null) {
        throw new Error(`${response.url}: ${response.status} ${JSON.stringify(error)}`);
    }
    return data;
}

async function balance(workspace_id: string) {
    const path = { workspace_id };
    const shown = await value(client.GET("/api/v1/workspaces/{workspace_id}/balance/", { params: { path } }));
    return [shown.total_balance, shown.available_balance];
}

async function workflow() {
    const workspaces = await value(client.GET("/api/v1/workspaces/"));
    const workspace = workspaces.results?.[0];
    step("workspace", workspace?.title, "Colour lab");
    const workspace_id = workspace?.id ?? "";
    // The seeded study holds its two places of 2.10.
    step("balance before", await balance(workspace_id), [10_000, 9_580]);
    const inWorkspace = { params: { path: { workspace_id } } };
    const own = await value(
        client.POST("/api/v1/workspaces/{workspace_id}/projects/", { ...inWorkspace, body: { title: "Follow-ups" } }),
    );
    const projects = await value(client.GET("/api/v1/workspaces/{workspace_id}/projects/", inWorkspace));
    step("projects", projects.results?.map((project) => project.title), ["Colours", "Follow-ups"]);

    const draft = await value(
        client.POST("/api/v1/studies/", {
            body: {
                project: own.id,
                name: "Naming colours, part 2",
                description: "Name the colours of twenty more patches.",
                external_study_url: "https://lab.example.org/colours-2?pid={{%PROLIFIC_PID%}}",
                prolific_id_option: "url_parameters",
                completion_codes: [
                    { code: "COLOURS2", code_type: "COMPLETED", actions: [{ action: "MANUALLY_REVIEW" }] },
                ],
                total_available_places: 2,
                estimated_completion_time: 10,
                reward: 150,
            },
        }),
    );
    step("draft", [draft.status, draft.project], ["UNPUBLISHED", own.id]);
    const ofDraft = { path: { id: draft.id } };
    const cost = await value(
        client.GET("/api/v1/studies/{id}/cost/", { params: { ...ofDraft, query: { is_projected: true } } }),
    );
    const parts = [cost.rewards?.rewards, cost.rewards?.fees, cost.rewards?.tax];
    step("cost", parts.map((part) => part?.amount), [300, 100, 20]);
    const publish = () =>
        client.POST("/api/v1/studies/{id}/transition/", { params: ofDraft, body: { action: "PUBLISH" } });
    step("publish", (await value(publish())).status, "ACTIVE");
    step("cost reserved", await balance(workspace_id), [10_000, 9_160]);
    step("publish again", (await publish()).error?.error?.status, 400);

    const submissions = await value(client.GET("/api/v1/submissions/", { params: { query: { study: FIRST } } }));
    const found = submissions.results ?? [];
    step("submissions", found.map((one) => one.status), ["AWAITING REVIEW", "AWAITING REVIEW"]);
    const ids = found.map((one) => one.id);
    await value(client.POST("/api/v1/submissions/bulk-approve/", { body: { submission_ids: ids } }));
    const first = { params: { path: { id: FIRST } } };
    const counts = await value(client.GET("/api/v1/studies/{id}/submissions/counts/", first));
    step("approved", counts.APPROVED, 2);
    step("first study", (await value(client.GET("/api/v1/studies/{id}/", first))).status, "COMPLETED");
    step("rewards paid", await balance(workspace_id), [9_580, 9_160]);

    const people = found.map((one) => one.participant_id);
    const group = await value(
        client.POST("/api/v1/participant-groups/", { body: { name: "Wave 1", workspace_id, participant_ids: people } }),
    );
    const members = await value(
        client.GET("/api/v1/participant-groups/{id}/participants/", { params: { path: { id: group.id ?? "" } } }),
    );
    step("group", members.results?.map((member) => member.participant_id), people);

    const text = "The second part is open to you.";
    const sent = await client.POST("/api/v1/messages/participant-group/", {
        body: { participant_group_id: group.id ?? "", body: text, study_id: draft.id },
    });
    step("message sent", sent.response.status, 204);
    const messages = await value(client.GET("/api/v1/messages/", { params: { query: { user_id: people[1] } } }));
    step("message", messages.results?.map((one) => one.body), [text]);

    const lines = ids.map((id) => `${id},1.00`).join("\n");
    const bonuses = await value(
        client.POST("/api/v1/submissions/bonus-payments/", { body: { study_id: FIRST, csv_bonuses: lines } }),
    );
    step("bonuses", [bonuses.amount, bonuses.total_amount], [200, 280]);
    step("nothing charged", await balance(workspace_id), [9_580, 9_160]);
    const paid = await client.POST("/api/v1/bulk-bonus-payments/{id}/pay/", { params: { path: { id: bonuses.id } } });
    step("bonuses accepted", paid.response.status, 202);
    const one = await value(client.GET("/api/v1/submissions/{id}/", { params: { path: { id: ids[0] } } }));
    step("bonus of one", one.bonus_payments, [100]);
    step("bonuses paid", await balance(workspace_id), [9_300, 8_880]);

    const unknown = { params: { path: { id: "5e9b9c9b0f9c9a0001b0b1f5" } } };
    step("unknown study", (await client.GET("/api/v1/studies/{id}/", unknown)).error?.error?.status, 404);
    console.log(`${steps} steps as expected`);
}

workflow().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
