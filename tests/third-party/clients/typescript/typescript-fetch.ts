import { type FeederCompletionCode, type FeederStudy, type ParticipantGroup, ParticipantGroupListFromJSON } from "./client";
import nulls from "./nulls.json";

export const group: ParticipantGroup = { id: null, workspaceId: null, organisationId: null };
export const study: FeederStudy = { id: null };
export const code: FeederCompletionCode = { action: null };
export const page = ParticipantGroupListFromJSON(nulls);
