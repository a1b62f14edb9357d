import type { ParticipantGroupList } from "./client";
import nulls from "./nulls.json";

export const page: ParticipantGroupList = nulls;
