package io.costoptimal.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.costoptimal.gateway.exchange.Candidate;
import io.costoptimal.gateway.exchange.LocalService.LocalAnswer;
import io.costoptimal.gateway.exchange.ObjectOwners.Owner;
import io.costoptimal.gateway.exchange.Provider;
import io.costoptimal.gateway.exchange.RetryOn;
import io.costoptimal.gateway.objects.RememberedOwners;
import io.costoptimal.gateway.route.ModelRoutes;
import io.costoptimal.gateway.route.PathPattern;
import io.costoptimal.gateway.route.PathRoute;
import io.costoptimal.gateway.route.RouteTable;
import io.costoptimal.gateway.testing.RawClient;
import io.costoptimal.gateway.testing.ScriptedOrigin;
import io.costoptimal.gateway.testing.TestGateway;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Objects that providers keep belong to the key that made them, and are asked for where they are. */
class ObjectOwnershipTest extends OwnersRig {

    @Test
    void anObjectIsAskedForWhereItIsAndByItsOwnKeyOnly() throws Exception {
        aliceMadeAFile();

        assertThat(ask(ALICE, "GET", "/v1/files/file-1", null)).endsWith(KEPT);
        assertThat(ask(ALICE, "GET", "/v1/files/%66ile-1/content", null)).endsWith(KEPT);
        int before = asked();
        assertThat(ask(BOB, "GET", "/v1/files/file-1", null)).startsWith("HTTP/1.1 404 ");
        assertThat(ask(BOB, "GET", "/v1/files/%66ile-1/content", null)).startsWith("HTTP/1.1 404 ");
        assertThat(ask(BOB, "DELETE", "/v1/files/file-1", null)).startsWith("HTTP/1.1 404 ");
        assertThat(ask(ALICE, "GET", "/v1/files/FILE-1", null)).startsWith("HTTP/1.1 404 ");
        assertThat(asked()).isEqualTo(before);
    }

    @Test
    void nobodyCanTellAnotherKeysObjectFromOneThatIsNotThere() throws Exception {
        aliceMadeAFile();

        String others = ask(BOB, "GET", "/v1/files/file-1", null);
        String none = ask(BOB, "GET", "/v1/files/file-2", null);
        String referred = ask(BOB, "POST", "/v1/batches", "{\"input_file_id\":\"file-1\"}");
        String unknown = ask(BOB, "POST", "/v1/batches", "{\"input_file_id\":\"file-2\"}");

        assertThat(withoutDate(others)).isEqualTo(withoutDate(none));
        assertThat(withoutDate(referred).replace("file-1", "file-2")).isEqualTo(withoutDate(unknown));
    }

    private static String withoutDate(String answer) {
        return answer.replaceFirst("date: [^\r]*", "");
    }

    @Test
    void lookUpsAreCountedByWhoseTheObjectsAre() throws Exception {
        aliceMadeAFile();
        String refers = "{\"input_file_id\":\"file-1\"}";
        ask(ALICE, "GET", "/v1/files/file-1", null);
        ask(ALICE, "POST", "/v1/batches", refers);
        ask(BOB, "GET", "/v1/files/file-1", null);
        ask(BOB, "POST", "/v1/batches", refers);
        ask(BOB, "GET", "/v1/vector_stores", null);
        ask(BOB, "GET", "/v1/files/file-2", null);
        ask(ADMIN, "GET", "/v1/files/file-1", null);
        ask(ADMIN, "POST", "/v1/batches", refers);

        assertThat(gateway.ownerLookUps()).isEqualTo(new EngineCounts.OwnerLookUps(2, 2, 1, 2, 0));
    }

    @Test
    void whatIsDeletedIsNobodys() throws Exception {
        aliceMadeAFile();

        assertThat(ask(ALICE, "DELETE", "/v1/files/file-1", null)).endsWith(KEPT);

        assertThat(ask(ALICE, "GET", "/v1/files/file-1", null)).startsWith("HTTP/1.1 404 ");
    }

    @Test
    void whatIsForgottenIsNobodys() throws Exception {
        aliceMadeAFile();
        for (int i = 0; i < 10; i++) {
            owners.made("other-" + i, new Owner("bob", "p"));
        }

        assertThat(ask(ALICE, "GET", "/v1/files/file-1", null)).startsWith("HTTP/1.1 404 ");
        assertThat(ask(ALICE, "POST", "/v1/batches", "{\"input_file_id\":\"file-1\"}"))
                .startsWith("HTTP/1.1 404 ");
    }

    @Test
    void anAdminAndWhoeverARouteSharesWithGetAtTheObjectsOfOthers() throws Exception {
        aliceMadeAFile();
        assertThat(ask(ADMIN, "GET", "/v1/files/file-1", null)).endsWith(KEPT);

        start(List.of(new PathRoute(
                List.of(new PathPattern("/v1/files/*"), new PathPattern("/v1/batches")),
                Set.of(),
                null,
                Set.of("bob"),
                true)));

        assertThat(ask(BOB, "GET", "/v1/files/file-1", null)).endsWith(KEPT);
        assertThat(ask(BOB, "POST", "/v1/batches", "{\"input_file_id\":\"file-1\"}"))
                .endsWith(KEPT);
        owners.made("file-3", new Owner("root", "p"));
        assertThat(ask(ALICE, "GET", "/v1/files/file-3", null)).startsWith("HTTP/1.1 403 ");
    }

    /** Every member that refers to an object, as the APIs have it; {@code @} stands for the id. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/responses {'model':'m','previous_response_id':@}",
                "/v1/responses {'model':'m','conversation':@}",
                "/v1/responses {'model':'m','conversation':{'id':@}}",
                "/v1/responses {'model':'m','input':[{'role':'user','content':[{'type':'input_file','file_id':@}]}]}",
                "/v1/responses {'model':'m','input':[{'role':'user','content':[{'type':'input_image','file_id':@}]}]}",
                "/v1/responses {'model':'m','input':[{'type':'item_reference','id':@}]}",
                "/v1/responses {'model':'m','input':[{'id':@,'type':'item_reference'}]}",
                "/v1/responses {'model':'m','tools':[{'type':'file_search','vector_store_ids':['own',@]}]}",
                "/v1/responses {'model':'m','tools':[{'type':'code_interpreter','container':@}]}",
                "/v1/responses {'model':'m','tools':[{'type':'code_interpreter','container':{'type':'auto','file_ids':[@]}}]}",
                "/v1/responses {'model':'m','tools':[{'type':'image_generation','input_image_mask':{'file_id':@}}]}",
                "/v1/chat/completions {'model':'m','messages':[{'role':'user','content':[{'type':'file','file':{'file_id':@}}]}]}",
                "/v1/messages {'model':'m','messages':[{'role':'user','content':[{'type':'document','source':{'type':'file','file_id':@}}]}]}",
                "/v1/messages {'model':'m','container':@}",
                "/v1/messages {'model':'m','container':{'id':@,'skills':[]}}",
                "/v1/messages {'model':'m','messages':[{'role':'user','content':[{'type':'container_upload','file_id':@}]}]}",
                "/v1/messages/batches {'requests':[{'custom_id':'a','params':{'messages':[{'content':[{'source':{'type':'file','file_id':@}}]}]}}]}",
                "/v1/batches {'input_file_id':@,'endpoint':'/v1/responses'}",
                "/v1/fine_tuning/jobs {'model':'gpt-4o','training_file':@}",
                "/v1/fine_tuning/jobs {'model':'gpt-4o','validation_file':@}",
                "/v1/vector_stores {'file_ids':[@]}",
                "/v1/containers {'name':'c','file_ids':[@]}",
                "/v1/evals {'data_source_config':{},'testing_criteria':[{'source':{'type':'file_id','id':@}}]}",
                "/v1/responses {'model':'m','previous_response_id':'own','previous_response_id':@}",
                "/v1/responses {'model':'m','previous_response_id':@,'previous_response_id':'own'}",
                "/v1/responses {'model':'m','previous_response\\u005fid':@}",
            })
    void nobodyRefersToWhatAnotherKeyHasMade(String request) throws Exception {
        String keep = TestGateway.provider(keeper.port()).id();
        owners.made("file-1", new Owner("alice", keep));
        owners.made("own", new Owner("bob", keep));
        owners.made("own", new Owner("alice", keep));
        String path = request.substring(0, request.indexOf(' '));
        String body = request.substring(path.length() + 1).replace('\'', '"');

        for (String id : List.of("\"file-1\"", "\"\\u0066ile-1\"", "\"file-2\"")) {
            assertThat(ask(BOB, "POST", path, body.replace("@", id))).as(id).startsWith("HTTP/1.1 404 ");
        }
        assertThat(asked()).isZero();
        assertThat(ask(ALICE, "POST", path, body.replace("@", "\"\\u0066ile-1\"")))
                .as("its own key, where it is")
                .endsWith(KEPT);
        assertThat(other.connections()).isEmpty();
    }

    /** What looks like a reference and is none: what is the client's own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'model':'m','messages':[],'metadata':{'file_id':'file-1'}}",
                "{'model':'m','messages':[{'role':'assistant','tool_calls':[{'function':{'name':'f','arguments':'{\\'file_id\\':\\'file-1\\'}'}}]}]}",
                "{'model':'m','messages':[],'tools':[{'type':'function','function':{'parameters':{'properties':{'file_id':{'type':'string'}}}}}]}",
                "{'model':'m','messages':[{'content':[{'type':'tool_use','input':{'file_id':'file-1'}}]}]}",
                "{'model':'m','messages':[{'content':'\\'file_id\\':\\'file-1\\''}]}",
                "{'model':'m','messages':[],'previous_response_id':null}",
            })
    void whatIsTheClientsOwnRefersToNothing(String body) throws Exception {
        owners.made("file-1", new Owner("alice", "p"));

        assertThat(ask(BOB, "POST", "/v1/chat/completions", body.replace('\'', '"')))
                .endsWith(OTHER);
    }

    @Test
    void aRequestAboutAnObjectNeverLeavesTheProviderThatKeepsIt() throws Exception {
        owners.made(
                "file-1", new Owner("alice", TestGateway.provider(keeper.port()).id()));
        String body = "{\"model\":\"%s\",\"previous_response_id\":\"file-1\"}";

        assertThat(ask(ALICE, "POST", "/v1/responses", body.formatted("m"))).endsWith(KEPT);
        assertThat(ask(ALICE, "POST", "/v1/responses", body.formatted("elsewhere")))
                .startsWith("HTTP/1.1 400 ");
        keeper.close();
        assertThat(ask(ALICE, "POST", "/v1/responses", body.formatted("m"))).startsWith("HTTP/1.1 502 ");
        assertThat(other.connections()).isEmpty();
    }

    /** Whatever an embedder makes of a decision, at once or later. */
    @Test
    void aSecondLookDoesNotTakeARequestAwayFromTheProviderThatKeepsItsObjects() throws Exception {
        Candidate keeps = new Candidate(TestGateway.provider(keeper.port()), null);
        Candidate another = new Candidate(TestGateway.provider(other.port()), null);
        owners.made("file-1", new Owner("alice", keeps.provider().id()));
        String body = "{\"model\":\"m\",\"previous_response_id\":\"file-1\"}";

        second = (decided, exchange, fields) -> CompletableFuture.supplyAsync(
                () -> decided.with(decided.choice().with(List.of(another, keeps, another))));
        start(List.of());
        assertThat(ask(ALICE, "POST", "/v1/responses", body)).endsWith(KEPT);
        assertThat(ask(ALICE, "GET", "/v1/responses/file-1", null)).endsWith(KEPT);

        second = (decided, exchange, fields) ->
                CompletableFuture.completedFuture(decided.with(decided.choice().with(List.of(another))));
        start(List.of());
        assertThat(ask(ALICE, "POST", "/v1/responses", body)).startsWith("HTTP/1.1 400 ");
        assertThat(ask(ALICE, "GET", "/v1/responses/file-1", null)).startsWith("HTTP/1.1 400 ");
        assertThat(other.connections()).isEmpty();
    }

    @Test
    void objectsOfTwoProvidersAreNotForOneRequest() throws Exception {
        owners.made(
                "file-1", new Owner("alice", TestGateway.provider(keeper.port()).id()));
        owners.made(
                "file-2", new Owner("alice", TestGateway.provider(other.port()).id()));

        assertThat(ask(ALICE, "POST", "/v1/vector_stores", "{\"file_ids\":[\"file-1\",\"file-2\"]}"))
                .startsWith("HTTP/1.1 400 ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "POST /v1/responses {'model':'m'}|{'object':'response','id':'id-1','metadata':{'id':'id-2'}}",
                "POST /v1/responses {'model':'m','stream':true}|event: response.created\ndata: {'type':'response.created','response':{'id':'id-1','metadata':{'id':'id-2'}}}",
                "POST /v1/responses {'model':'m'}|{'id':'known','output':[{'type':'message','content':[{'id':'id-2'}],'id':'id-1'}]}",
                "POST /v1/responses {'model':'m','stream':true}|data: {'response':{'id':'known'}}\n\ndata: {'type':'response.output_text.delta','item':{'id':'id-2'}}\n\ndata: {'type':'response.output_item.added','item':{'content':[],'container_id':'id-1'}}",
                "GET /v1/responses/known|{'id':'known','output':[{'container_id':'id-1','results':[{'id':'id-2'}]}]}",
                "POST /v1/chat/completions {'model':'m','store':true}|{'id':'id-1','choices':[{'id':'id-2'}]}",
                "POST /v1/batches {}|{'id':'id-1','metadata':{'output_file_id':'id-2'}}",
                "GET /v1/batches/known|{'id':'known','output_file_id':'id-1','metadata':{'output_file_id':'id-2'}}",
                "GET /v1/batches/known|{'error_file_id':'id-1','errors':{'id':'id-2'}}",
                "POST /v1/uploads/known/complete {}|{'id':'known','file':{'id':'id-1','metadata':{'id':'id-2'}}}",
                "GET /v1/fine_tuning/jobs/known|{'id':'known','hyperparameters':['id-2'],'result_files':['id-1']}",
            })
    void learnsWhatWasMadeByAnAnswerHoweverItIsCutAndNothingThatItRepeats(String row) throws Exception {
        String request = row.substring(0, row.indexOf('|'));
        String body = row.substring(request.length() + 1);
        String text = body.replace('\'', '"') + "\n\n";
        boolean events = !body.startsWith("{");
        String[] line = request.replace('\'', '"').split(" ", 3);
        for (int cut = 1; cut < text.length(); cut += 7) {
            int at = cut;
            RememberedOwners fresh = new RememberedOwners(100);
            try (ScriptedOrigin origin = ScriptedOrigin.start(connection -> {
                connection.readRequest();
                connection.send(
                        "HTTP/1.1 200 OK\r\nContent-Type: " + (events ? "text/event-stream" : "application/json")
                                + "\r\nContent-Length: " + text.length() + "\r\n\r\n" + text.substring(0, at));
                connection.send(text.substring(at));
                connection.readToEnd();
            })) {
                Provider provider = TestGateway.provider(origin.port());
                fresh.made("known", new Owner("test", provider.id()));
                RouteTable table = new RouteTable(
                        Map.of(),
                        List.of(new ModelRoutes("m", List.of(new Candidate(provider, null)), List.of(), null)),
                        provider,
                        RetryOn.ALL,
                        new RouteTable.Unnamed(List.of(), Map.of(provider.id(), provider)));
                try (Gateway learning = Gateway.start(
                                List.of(Listener.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))),
                                GatewaySettings.defaults().withEventLoops(1),
                                TestGateway.snapshot(table),
                                new Services(
                                                GatewayListener.NONE,
                                                exchange -> new LocalAnswer(200, "text/plain", new byte[0]))
                                        .withOwners(fresh));
                        RawClient client = RawClient.connect(learning.address().getPort())) {
                    String content = line.length < 3 ? "" : line[2];
                    client.send(line[0] + ' ' + line[1] + " HTTP/1.1\r\nHost: g\r\nAuthorization: Bearer "
                            + TestGateway.KEY + "\r\nContent-Length: " + content.length() + "\r\n\r\n" + content);
                    assertThat(client.readMessage()).endsWith(text);
                    assertThat(fresh.of("id-1")).containsExactly(new Owner("test", provider.id()));
                    assertThat(fresh.of("id-2")).isEmpty();
                }
            }
        }
    }

    @Test
    void aChatThatIsNotStoredIsNobodys() throws Exception {
        assertThat(ask(ALICE, "POST", "/v1/chat/completions", "{\"model\":\"m\",\"store\":false}"))
                .endsWith(OTHER);

        assertThat(owners.of("file-1")).isEmpty();
    }

    @Test
    void keysWhoseProvidersHandOutTheSameIdDoNotMeet() throws Exception {
        owners.made(
                "file-1", new Owner("bob", TestGateway.provider(other.port()).id()));
        aliceMadeAFile();

        assertThat(ask(ALICE, "GET", "/v1/files/file-1", null)).endsWith(KEPT);
        assertThat(ask(BOB, "GET", "/v1/files/file-1", null)).endsWith(OTHER);
    }
}
