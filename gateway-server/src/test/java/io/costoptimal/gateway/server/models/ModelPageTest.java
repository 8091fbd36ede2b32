package io.costoptimal.gateway.server.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A provider's list, as it comes, in both shapes that we give out. */
class ModelPageTest {

    @ParameterizedTest
    @CsvSource({
        "'\"created\":1767225600', 2026-01-01T00:00:00Z",
        "'\"created_at\":\"2026-01-01T00:00:00Z\"', 2026-01-01T00:00:00Z",
        "'\"created\":253402300799', 9999-12-31T23:59:59Z",
        "'\"created\":253402300800', 1970-01-01T00:00:00Z",
        "'\"created\":9223372036854775807', 1970-01-01T00:00:00Z",
        "'\"created\":-1', 1970-01-01T00:00:00Z",
        "'\"created_at\":\"+1000000000-12-31T23:59:59Z\"', 1970-01-01T00:00:00Z",
        "'\"created_at\":\"yesterday\"', 1970-01-01T00:00:00Z"
    })
    void takesNoDateThatAClientCouldNotRead(String member, String shown) throws Exception {
        byte[] body = ("{\"data\":[{\"id\":\"m\"," + member + "}]}").getBytes(StandardCharsets.UTF_8);

        ModelPage page = ModelPage.read(body, "p");
        assertThat(ModelJson.list(page.models(), true)).contains("\"created_at\":\"" + shown + "\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[{'id':'a'},{'id':'b'}]",
                "['a','b']",
                "{'models':[{'name':'a','size':1},{'name':'b','details':{'family':'x'}}]}",
                "{'models':['a','b',7,[],null]}",
                "['a',{'id':'b'},{},7]",
                "{'object':'list','data':[{'id':'a'},{'id':'b','name':'other'},'c',7,[],null,{'size':1}]}",
                "{'models':[{'name':'other'}],'data':[{'id':'a'},{'id':'b'}]}",
                "{'data':[{'id':'a'},{'id':'b'}],'models':[{'name':'other'}]}"
            })
    void readsEveryShapeInWhichServersListTheirModels(String body) throws Exception {
        ModelPage page = ModelPage.read(body.replace('\'', '"').getBytes(StandardCharsets.UTF_8), "p");

        assertThat(page.models()).extracting(ListedModel::id).containsExactly("a", "b");
        assertThat(page.models()).extracting(ListedModel::owner).containsOnly("p");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{}", "7", "'models'", "{'data':{}}", "{'models':7}", "[", "null"})
    void takesNothingElseForAList(String body) {
        byte[] bytes = body.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

        assertThatThrownBy(() -> ModelPage.read(bytes, "p")).isInstanceOf(IOException.class);
    }
}
