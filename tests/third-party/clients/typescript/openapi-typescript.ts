import type { components } from "./client";
import nulls from "./nulls.json";

export const page: components["schemas"]["ParticipantGroupList"] = nulls;
