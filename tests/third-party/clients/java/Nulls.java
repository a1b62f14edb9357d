import java.nio.file.Files;
import java.nio.file.Path;
import org.openapitools.client.JSON;
import org.openapitools.client.model.ParticipantGroupList;

/** Reads a list of groups with null for each reference. */
class Nulls {
    public static void main(String[] arguments) throws Exception {
        var text = Files.readString(Path.of(arguments[0]));
        var page = JSON.getDefault().getMapper().readValue(text, ParticipantGroupList.class);
        var group = page.getResults().get(0);
        var study = group.getFeederStudies().get(0);
        var code = study.getFeederCompletionCodes().get(0);
        if (!group.getName().equals("Group 1")
                || page.getMeta() != null
                || group.getId() != null
                || group.getWorkspaceId() != null
                || group.getOrganisationId() != null
                || study.getId() != null
                || code.getAction() != null) {
            throw new AssertionError(page.toString());
        }
    }
}
