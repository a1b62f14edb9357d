// The workflow of a study against the sandbox whose URL and token are given, with openapi-fetch and the types that
// openapi-typescript has generated: those of the API in client.ts, and those of the control API, which leads the
// participants, in control.ts. The sandbox starts with seed.json.

import createClient from "openapi-fetch";
import type { paths } from "./client";
import type { paths as controlPaths } from "./control";

// What of node is used here.
declare const process: { argv: string[]; exitCode?: number };

const [url, token] = process.argv.slice(2);
const client = createClient<paths>({ baseUrl: url, headers: { Authorization: `Token ${token}` } });
const control = createClient<controlPaths>({ baseUrl: url });
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

function take(participant_id: string, study_id: string, begin = true) {
    const params = { path: { participant_id } };
    return control.POST("/_sandbox/participants/{participant_id}/submissions", { params, body: { study_id, begin } });
}

function act(submission: { id: string }, action: "SUBMIT" | "RETURN", code?: string) {
    const params = { path: { submission_id: submission.id } };
    return value(
        control.POST("/_sandbox/submissions/{submission_id}/transition", { params, body: { action, code } }),
    );
}

async function workflow() {
    const workspaces = await value(client.GET("/api/v1/workspaces/"));
    const workspace = workspaces.results?.[0];
    step("workspace", workspace?.title, "Colour lab");
    const workspace_id = workspace?.id ?? "";
    step("balance before", await balance(workspace_id), [10_000, 10_000]);
    const inWorkspace = { params: { path: { workspace_id } } };
    const own = await value(
        client.POST("/api/v1/workspaces/{workspace_id}/projects/", { ...inWorkspace, body: { title: "Follow-ups" } }),
    );
    const projects = await value(client.GET("/api/v1/workspaces/{workspace_id}/projects/", inWorkspace));
    step("projects", projects.results?.map((project) => project.title), ["Colours", "Follow-ups"]);
    const group = await value(client.POST("/api/v1/participant-groups/", { body: { name: "Wave 1", workspace_id } }));
    step("group", [group.name, group.participant_count], ["Wave 1", 0]);
    const groupId = group.id ?? "";

    const study = await value(
        client.POST("/api/v1/studies/", {
            body: {
                project: own.id,
                name: "Naming colours",
                description: "Name the colours of twenty patches.",
                external_study_url: "https://lab.example.org/colours?pid={{%PROLIFIC_PID%}}",
                prolific_id_option: "url_parameters",
                completion_codes: [
                    {
                        code: "COLOURS",
                        code_type: "COMPLETED",
                        actions: [
                            { action: "MANUALLY_REVIEW" },
                            { action: "ADD_TO_PARTICIPANT_GROUP", participant_group: groupId },
                        ],
                    },
                ],
                total_available_places: 2,
                estimated_completion_time: 10,
                reward: 150,
            },
        }),
    );
    step("draft", [study.status, study.project], ["UNPUBLISHED", own.id]);
    const ofStudy = { path: { id: study.id } };
    const cost = await value(
        client.GET("/api/v1/studies/{id}/cost/", { params: { ...ofStudy, query: { is_projected: true } } }),
    );
    const parts = [cost.rewards?.rewards, cost.rewards?.fees, cost.rewards?.tax];
    step("cost", parts.map((part) => part?.amount), [300, 100, 20]);
    const early = await take("p1", study.id);
    step("nobody takes part in a draft", early.error?.error.detail, "The study is UNPUBLISHED.");
    const publish = () =>
        client.POST("/api/v1/studies/{id}/transition/", { params: ofStudy, body: { action: "PUBLISH" } });
    step("publish", (await value(publish())).status, "ACTIVE");
    step("cost reserved", await balance(workspace_id), [10_000, 9_580]);
    step("publish again", (await publish()).error?.error?.status, 400);

    const first = await value(take("p1", study.id));
    step("taken", first.status, "ACTIVE");
    step("submitted", (await act(first, "SUBMIT", "COLOURS")).status, "AWAITING REVIEW");
    step("returned", (await act(await value(take("p2", study.id)), "RETURN")).status, "RETURNED");
    const late = await value(take("p3", study.id, false));
    step("reserved", late.status, "RESERVED");
    await value(control.POST("/_sandbox/clock/advance", { body: { seconds: 660 } }));
    const submission = (id: string) => value(client.GET("/api/v1/submissions/{id}/", { params: { path: { id } } }));
    step("nobody came", (await submission(late.id)).status, "TIMED-OUT");
    const second = await value(take("p4", study.id));
    step("submitted without a code", (await act(second, "SUBMIT")).entered_code, "NOCODE");
    step("full", (await take("p5", study.id)).response.status, 400);
    const list = await value(client.GET("/api/v1/submissions/", { params: { query: { study: study.id } } }));
    const found = list.results ?? [];
    const expected = ["AWAITING REVIEW", "RETURNED", "TIMED-OUT", "AWAITING REVIEW"];
    step("submissions", found.map((one) => one.status), expected);
    step("codes", found.map((one) => one.study_code), ["COLOURS", null, null, "NOCODE"]);
    const members = await value(
        client.GET("/api/v1/participant-groups/{id}/participants/", { params: { path: { id: groupId } } }),
    );
    step("members", members.results?.map((member) => member.participant_id), ["p1"]);

    const ids = [first.id, second.id];
    await value(client.POST("/api/v1/submissions/bulk-approve/", { body: { submission_ids: ids } }));
    const counts = await value(client.GET("/api/v1/studies/{id}/submissions/counts/", { params: ofStudy }));
    step("approved", counts.APPROVED, 2);
    const getStudy = () => client.GET("/api/v1/studies/{id}/", { params: ofStudy });
    step("study", (await value(getStudy())).status, "COMPLETED");
    step("rewards paid", await balance(workspace_id), [9_580, 9_580]);

    const text = "The second part is open to you.";
    const sent = await client.POST("/api/v1/messages/participant-group/", {
        body: { participant_group_id: groupId, body: text, study_id: study.id },
    });
    step("message sent", sent.response.status, 204);
    const messages = await value(client.GET("/api/v1/messages/", { params: { query: { user_id: "p1" } } }));
    step("message", messages.results?.map((one) => one.body), [text]);
    const byParticipant = { params: { path: { participant_id: "p1" } }, body: { body: "Where?" } };
    await value(control.POST("/_sandbox/participants/{participant_id}/messages", byParticipant));
    const unread = await value(client.GET("/api/v1/messages/unread/"));
    step("response", unread.results?.map((one) => one.body), ["Where?"]);

    const lines = ids.map((id) => `${id},1.00`).join("\n");
    const bonuses = await value(
        client.POST("/api/v1/submissions/bonus-payments/", { body: { study_id: study.id, csv_bonuses: lines } }),
    );
    step("bonuses", [bonuses.amount, bonuses.total_amount], [200, 280]);
    step("nothing charged", await balance(workspace_id), [9_580, 9_580]);
    const paid = await client.POST("/api/v1/bulk-bonus-payments/{id}/pay/", { params: { path: { id: bonuses.id } } });
    step("bonuses accepted", paid.response.status, 202);
    step("bonus of one", (await submission(first.id)).bonus_payments, [100]);
    step("bonuses paid", await balance(workspace_id), [9_300, 9_300]);

    const unknown = { params: { path: { id: "5e9b9c9b0f9c9a0001b0b1f5" } } };
    step("unknown study", (await client.GET("/api/v1/studies/{id}/", unknown)).error?.error?.status, 404);
    const record = await value(control.GET("/_sandbox/requests", { params: { query: { limit: 1 } } }));
    step("record", record.results.map((one) => [one.operation, one.status]), [["studies_get", 404]]);
    step("reset", (await control.POST("/_sandbox/reset")).response.status, 204);
    step("after the reset", (await getStudy()).error?.error?.status, 404);
    console.log(`${steps} steps as expected`);
}

workflow().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
