package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.TestGateway;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A client that is after another key's objects finds no way to refer to them that the gateway does not see. */
class ObjectReferencesTest extends OwnersRig {

    private static final String JSON = "application/json";

    private String keep;

    @BeforeEach
    void bothHaveObjects() {
        keep = TestGateway.provider(keeper.port()).id();
        owners.made("file-1", new Owner("alice", keep));
        owners.made("own", new Owner("bob", keep));
        owners.made("own", new Owner("alice", keep));
    }

    private String send(String key, String path, String type, String body) throws IOException {
        try (RawClient client = RawClient.connect(gateway.address().getPort())) {
            client.send("POST " + path + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer " + key + "\r\nContent-Type: "
                    + type + "\r\nContent-Length: " + body.length() + "\r\n\r\n" + body);
            return client.readMessage();
        }
    }

    /** Alice's request is served, and Bob's same request is answered as if there was no such object. */
    private void assertOnlyAlices(String path, String type, String body) throws IOException {
        int before = asked();
        assertThat(send(BOB, path, type, body)).startsWith("HTTP/1.1 404 ");
        assertThat(asked()).isEqualTo(before);
        assertThat(other.connections()).isEmpty();
        assertThat(send(ALICE, path, type, body)).endsWith(KEPT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /v1/files/file-1?file_id=own",
                "GET /v1/files/file-1/content?file_id=own",
                "DELETE /v1/files/file-1?file_id=own",
                "POST /v1/responses/file-1/cancel?previous_response_id=own {}",
                "POST /v1/vector_stores/file-1/files {'file_id':'own'}",
                "POST /v1/vector_stores/file-1/file_batches {'file_ids':['own']}",
                "POST /v1/vector_stores/file-1 {'file_ids':['own']}",
                "POST /v1/containers/file-1/files {'file_id':'own'}",
                "POST /v1/uploads/file-1/complete {'part_ids':[],'file_id':'own'}",
                "POST /v1/evals/file-1/runs {'data_source':{'source':{'type':'file_id','id':'own'}}}",
            })
    void whatIsTheKeysOwnBesideIsNoWayToTheObjectInThePath(String request) throws Exception {
        String[] parts = request.replace('\'', '"').split(" ", 3);
        int before = asked();

        assertThat(ask(BOB, parts[0], parts[1], parts.length < 3 ? null : parts[2]))
                .startsWith("HTTP/1.1 404 ");
        assertThat(asked()).isEqualTo(before);
        assertThat(ask(ALICE, parts[0], parts[1], parts.length < 3 ? null : parts[2]))
                .endsWith(KEPT);
    }

    @Test
    void whatIsTheKeysOwnIsNoWayToAList() throws Exception {
        int before = asked();

        assertThat(ask(BOB, "GET", "/v1/files?file_id=own", null)).startsWith("HTTP/1.1 403 ");
        assertThat(ask(BOB, "GET", "/v1/chat/completions?previous_response_id=own", null))
                .startsWith("HTTP/1.1 403 ");
        assertThat(asked()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses {'model':'m','input':[{'id':@}]}",
                "/v1/responses {'model':'m','input':[{'id':@,'type':null}]}",
                "/v1/responses {'model':'m','input':[{'type':'message','type':null,'id':@,'content':'x'}]}",
                "/v1/responses {'model':'m','input':[{'type':'item_reference','type':'message','id':@,'content':'x'}]}",
                "/v1/responses {'model':'m','input':[{'id':@,'output':null}]}",
                "/v1/responses {'model':'m','input':[{'id':@,'content':'x'}]}",
                "/v1/responses {'model':'m','input':[{'type':'message','id':@,'role':'user'}]}",
                "/v1/responses {'model':'m','input':[{'type':'message','id':@,'role':'user','content':''}]}",
                "/v1/responses {'model':'m','input':[{'type':'reasoning','id':@,'summary':[],'content':[]}]}",
                "/v1/responses {'model':'m','input':[{'type':'reasoning','id':@,'encrypted_content':null}]}",
                "/v1/responses {'model':'m','input':[{'type':'image_generation_call','id':@}]}",
                "/v1/responses {'model':'m','input':[[{'id':@}]]}",
                "/v1/responses {'model':'m','input':[{'id':'own'}],'input':[{'id':@}]}",
                "/v1/responses/compact {'model':'m','input':[{'id':@}]}",
                "/v1/responses/input_tokens {'model':'m','input':[{'id':@}]}",
                "/v1/conversations {'items':[{'id':@}]}",
                "/v1/conversations/own/items {'items':[{'type':'item_reference','id':@}]}",
                "/v1/responses {'model':'m','tools':[{'type':'shell','environment':{'type':'container_reference','container_id':@}}]}",
                "/v1/responses {'model':'m','tools':[{'type':'shell','environment':{'type':'container_auto','file_ids':[@]}}]}",
                "/v1/responses {'model':'m','tools':[{'type':'not_invented_yet','deep':[{'er':{'file_id':@}}]}]}",
                "/v1/responses {'model':'m','tools':[{'type':'function','type':'shell','environment':{'container_id':@}}]}",
                "/v1/responses {'model':'m','prompt':{'id':'p','variables':{'a':{'type':'input_file','file_id':@}}}}",
                "/v1/images/edits {'model':'m','images':[{'file_id':@}]}",
                "/v1/videos/edits {'model':'m','video':{'id':@}}",
                "/v1/containers/own/files {'file_id':@}",
                "/v1/uploads/own/complete {'part_ids':['own',@]}",
                "/v1/vector_stores/own/files {'file_id':@}",
                "/v1/vector_stores/own/file_batches {'files':[{'file_id':@}]}",
                "/v1/evals/own/runs {'data_source':{'type':'jsonl','source':{'id':@,'type':'file_id'}}}",
                "/v1/messages {'model':'m','messages':[{'content':[{'type':'tool_result','content':[{'type':'image','source':{'type':'file','file_id':@}}]}]}]}",
            })
    void noReferenceIsOverlooked(String request) throws Exception {
        String path = request.substring(0, request.indexOf(' '));
        String body = request.substring(path.length() + 1).replace('\'', '"');

        for (String id : List.of("\"file-1\"", "\"\\u0066ile-1\"")) {
            assertOnlyAlices(path, JSON, body.replace("@", id));
        }
    }

    /** What says something itself, but may stand for more that a provider keeps, is refused where it is known to be another key's. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses {'model':'m','input':[{'id':@,'role':'user','content':'x'}]}",
                "/v1/responses {'model':'m','input':[{'type':'reasoning','id':@,'encrypted_content':'x','encrypted_content':''}]}",
                "/v1/responses {'model':'m','input':[{'type':'reasoning','id':@,'content':[{'type':'reasoning_text','text':'x'}]}]}",
                "/v1/responses {'model':'m','input':[{'type':'file_search_call','id':@,'queries':['x']}]}",
                "/v1/responses {'model':'m','input':[{'type':'web_search_call','id':@,'action':{'type':'search'}}]}",
            })
    void whatMayStandForMoreThanItSaysIsNotAnotherKeys(String request) throws Exception {
        String path = request.substring(0, request.indexOf(' '));
        String body = request.substring(path.length() + 1).replace('\'', '"');

        assertThat(send(BOB, path, JSON, body.replace("@", "\"\\u0066ile-1\""))).startsWith("HTTP/1.1 404 ");
        assertThat(other.connections()).isEmpty();
        assertThat(send(ALICE, path, JSON, body.replace("@", "\"file-1\""))).endsWith(OTHER);
        assertThat(send(BOB, path, JSON, body.replace("@", "\"of-somewhere-else\"")))
                .endsWith(OTHER);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses {'model':'m','~previous_response_id':@}",
                "/v1/responses {'model':'m','~conversation':{'~id':@}}",
                "/v1/responses {'model':'m','~input':[{'~id':@}]}",
                "/v1/responses {'model':'m','~tools':[{'~type':'file_search','~vector_store_ids':[@]}]}",
                "/v1/responses {'model':'m','input':[{'role':'user','content':[{'type':'input_file','~file_id':@}]}]}",
                "/v1/messages {'model':'m','~container':@}",
                "/v1/batches {'~input_file_id':@}",
            })
    void aNameIsTheSameInEverySpellingThatSomeReaderTakesForIt(String request) throws Exception {
        String path = request.substring(0, request.indexOf(' '));
        String body = request.substring(path.length() + 1).replace('\'', '"').replace("@", "\"file-1\"");

        assertOnlyAlices(path, JSON, spelled(body, name -> name.toUpperCase(Locale.ROOT)));
        assertOnlyAlices(
                path, JSON, spelled(body, name -> "\\u00" + Integer.toHexString(name.charAt(0)) + name.substring(1)));
        assertOnlyAlices(
                path, JSON, spelled(body, name -> name.replace("s", "\\u017f").replace("i", "\\u0131")));
        assertOnlyAlices(path, JSON, spelled(body, name -> name + "\\u0000behind"));
    }

    private static String spelled(String body, java.util.function.UnaryOperator<String> spelling) {
        return java.util.regex.Pattern.compile("~([a-z_]+)")
                .matcher(body)
                .replaceAll(found -> java.util.regex.Matcher.quoteReplacement(spelling.apply(found.group(1))));
    }

    private static String form(String... parts) {
        return "--b\r\nContent-Disposition: form-data; "
                + String.join("\r\n--b\r\nContent-Disposition: form-data; ", parts) + "\r\n--b--\r\n";
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/containers/own/files name='file_id'||@",
                "/v1/containers/own/files name='FILE_ID'||@",
                "/v1/containers/own/files name='file%5fid'||@",
                "/v1/containers/own/files name=file_id; x=y|Content-Type: text/plain|@",
                "/v1/videos name='input_reference[file_id]'||@",
                "/v1/videos name='input_reference.file_id'||@",
                "/v1/videos/edits name='video[id]'||@",
                "/v1/videos/extensions name='video'||@",
                "/v1/videos/characters name='video[id]'||@",
                "/v1/videos/own/remix name='file_ids[]'||@",
                "/v1/images/edits name='image[file_id]'||@",
            })
    void aFormRefersByItsParts(String row) throws Exception {
        String path = row.substring(0, row.indexOf(' '));
        String part = row.substring(path.length() + 1)
                .replace('\'', '"')
                .replace("||", "\r\n\r\n")
                .replaceFirst("[|]", "\r\n")
                .replaceFirst("[|]", "\r\n\r\n")
                .replace("@", "file-1");
        String model = "name=\"model\"\r\n\r\nm";

        assertOnlyAlices(path, "multipart/form-data; boundary=b", form(model, part));
        assertOnlyAlices(
                path, "multipart/form-data; boundary=b", form(part, model, "name=\"file\"; filename=\"f\"\r\n\r\n123"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "name=\"file_id\"\r\nContent-Transfer-Encoding: base64\r\n\r\nZmlsZS0x",
                "name=\"file_id\"; filename=\"f\"\r\n\r\nfile-1",
                "name=\"file_id\"\r\n\r\nfile-1\r\n",
                "name=\"file_id\"\r\n\r\n",
                "name=\"a\"; filename=\"f\"\r\n\r\nx\r\n--b\r\nContent-Disposition: form-data; name=\"file_id\"\r\n\r\nfile-1",
            })
    void aFormInWhichAnIdCannotBeCheckedIsRefused(String part) throws Exception {
        for (String key : List.of(ALICE, BOB)) {
            assertThat(send(key, "/v1/containers/own/files", "multipart/form-data; boundary=b", form(part)))
                    .as(key)
                    .startsWith("HTTP/1.1 400 ");
        }
    }

    @Test
    void aFileThatHasTheNameOfAnObjectIsAFile() throws Exception {
        String file = "name=\"video\"; filename=\"v.mp4\"\r\n\r\nfile-1";

        assertThat(send(BOB, "/v1/videos/characters", "multipart/form-data; boundary=b", form(file)))
                .endsWith(KEPT);
    }

    @Test
    void anIdInTheQueryIsHeldToTheSame() throws Exception {
        assertOnlyAlices("/v1/responses?previous_response_id=file-1", JSON, "{\"model\":\"m\"}");
        assertOnlyAlices("/v1/responses?a=b;Previous%5fResponse_id=%66ile-1", JSON, "{\"model\":\"m\"}");
        assertOnlyAlices("/v1/vector_stores?x&file_ids[]=file-1", JSON, "{}");
        assertThat(send(BOB, "/v1/responses?after=file-1&%zz=%", JSON, "{\"model\":\"m\"}"))
                .startsWith("HTTP/1.1 200 ");
    }

    @Test
    void aPartThatIsKnownToBeAnotherKeysIsReachedThroughNoObjectOfOnesOwn() throws Exception {
        int before = asked();
        assertThat(ask(BOB, "GET", "/v1/vector_stores/own/files/file-1/content", null))
                .startsWith("HTTP/1.1 404 ");
        assertThat(ask(BOB, "DELETE", "/v1/containers/own/files/%66ile-1", null))
                .startsWith("HTTP/1.1 404 ");
        assertThat(asked()).isEqualTo(before);
        assertThat(ask(ALICE, "GET", "/v1/vector_stores/own/files/file-1/content", null))
                .endsWith(KEPT);
        assertThat(ask(BOB, "GET", "/v1/vector_stores/own/files/never-heard-of", null))
                .endsWith(KEPT);
    }

    @Test
    void whatAllKeysHaveMadeIsNoSourceOfAnEval() throws Exception {
        for (String source : List.of("stored_completions", "responses")) {
            String body = "{\"data_source\":{\"type\":\"responses\",\"source\":{\"type\":\"" + source + "\"}}}";
            assertThat(send(BOB, "/v1/evals/own/runs", JSON, body))
                    .startsWith("HTTP/1.1 403 ")
                    .contains("share_objects");
            assertThat(send(ADMIN, "/v1/evals/own/runs", JSON, body)).endsWith(KEPT);
        }
        assertThat(
                        send(
                                BOB,
                                "/v1/evals/own/runs",
                                JSON,
                                "{\"data_source\":{\"type\":\"responses\",\"source\":{\"type\":\"file_content\",\"content\":[]}}}"))
                .endsWith(KEPT);
    }

    /** An item that says all itself goes wherever it is sent, whatever it is called. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'type':'message','id':'msg_1','role':'assistant','content':[{'type':'output_text','text':'x'}]}",
                "{'role':'user','content':'x','id':'1'}",
                "{'type':'function_call','id':'fc_1','call_id':'c','name':'f','arguments':''}",
                "{'type':'function_call_output','id':'fc_2','call_id':'c','output':''}",
                "{'type':'reasoning','id':'rs_1','summary':[],'encrypted_content':'gAAAA'}",
                "{'type':'web_search_call','id':'ws_1','action':{'type':'search'}}",
            })
    void anItemThatSaysAllNeedsNoOwner(String item) throws Exception {
        String body = "{'model':'m','input':[" + item + "]}";

        assertThat(send(BOB, "/v1/responses", JSON, body.replace('\'', '"'))).endsWith(OTHER);
    }

    @Test
    void whoeverSeesAnObjectThatIsSharedComesToOwnNothingByThat() throws Exception {
        start(List.of(new PathRoute(List.of(new PathPattern("/v1/batches/*")), Set.of("GET"), null, Set.of(), true)));

        assertThat(ask(BOB, "GET", "/v1/batches/file-1", null)).startsWith("HTTP/1.1 200 ");
        assertThat(ask(ADMIN, "GET", "/v1/batches/file-1", null)).startsWith("HTTP/1.1 200 ");

        assertThat(owners.of("file-1")).containsExactly(new Owner("alice", keep));
        assertThat(ask(BOB, "POST", "/v1/batches/file-1/cancel", "{}")).startsWith("HTTP/1.1 404 ");
        assertThat(ask(BOB, "DELETE", "/v1/files/file-1", null)).startsWith("HTTP/1.1 404 ");
        assertThat(ask(ADMIN, "DELETE", "/v1/files/file-1", null)).startsWith("HTTP/1.1 200 ");
        assertThat(owners.of("file-1")).isEmpty();
    }
}
