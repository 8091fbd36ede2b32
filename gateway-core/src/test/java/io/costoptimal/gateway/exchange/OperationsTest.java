package io.costoptimal.gateway.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.costoptimal.gateway.StandardOperations;
import io.costoptimal.gateway.exchange.Operation.Answers;
import io.costoptimal.gateway.exchange.Operation.Body;
import io.costoptimal.gateway.exchange.Operation.BodyPolicy;
import io.costoptimal.gateway.exchange.Operation.Handling;
import io.costoptimal.gateway.exchange.Operation.Line;
import io.costoptimal.gateway.exchange.Operation.ModelPlace;
import io.costoptimal.gateway.exchange.Operation.Objects;
import io.costoptimal.gateway.exchange.Operations.Found;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OperationsTest {

    private static final Operation CANCEL = local("/v1/jobs/{id}/cancel");

    private static final Body IN_BODY = new Body(ModelPlace.BODY, Body.NONE.text());

    @Test
    void findsAParameterBetweenTwoHalves() {
        Operations table = new Operations(List.of(CANCEL));

        assertThat(table.matching("/v1/jobs/j_1/cancel")).isEqualTo(found("j_1", CANCEL));
        assertThat(table.matching("/openai/v1/jobs/j_1/cancel")).isEqualTo(found("j_1", CANCEL));
        assertThat(table.matching("/openai/jobs/j_1/cancel")).isEqualTo(found("j_1", CANCEL));
    }

    @Test
    void findsSeveralParametersInTheirOrderAsTheyAreSpelled() {
        Operation part = local("/v1/jobs/{job_id}/parts/{part_id}");
        Operations table = new Operations(List.of(CANCEL, part));

        Found found = table.matching("/v1/jobs/j%5F1/parts/p:2");

        assertThat(found.served().operations()).containsExactly(part);
        assertThat(found.parameters()).containsExactly("j%5F1", "p:2");
    }

    @Test
    void aSegmentThatIsWrittenOutComesBeforeAParameterAndThatBeforeARest() {
        Operation all = row("GET", "/v1/jobs/all", ApiFamily.OPENAI);
        Operation one = row("GET", "/v1/jobs/{id}", ApiFamily.OPENAI);
        Operation log = row("GET", "/v1/jobs/all/{id}/log", ApiFamily.OPENAI);
        Operation rest = row("GET", "/v1/jobs/{*}", ApiFamily.OPENAI);
        Operations table = new Operations(List.of(rest, one, log, all));

        assertThat(table.at("/v1/jobs/all").operations()).containsExactly(all);
        assertThat(table.matching("/v1/jobs/j_1")).isEqualTo(found("j_1", one));
        assertThat(table.matching("/v1/jobs/all/j_1/log")).isEqualTo(found("j_1", log));
        assertThat(table.matching("/v1/jobs/all/j_1/x/")).isEqualTo(found("all/j_1/x/", rest));
        assertThat(table.matching("/v1/jobs/")).isNull();
        assertThat(table.matching("/openai/v1/jobs/a/b")).isEqualTo(found("a/b", rest));
        assertThat(table.matching("/openai/jobs/a/b")).isEqualTo(found("a/b", rest));
    }

    @Test
    void onePathHasAnOperationForEachMethodAndEachApi() {
        Operation read = row("GET", "/v1/jobs/{id}", ApiFamily.OPENAI);
        Operation delete = row("DELETE", "/v1/jobs/{id}", ApiFamily.OPENAI);
        Operation other = row("GET", "/v1/jobs/{job}", ApiFamily.ANTHROPIC);
        ServedPath served = new Operations(List.of(read, delete, other))
                .matching("/v1/jobs/j")
                .served();

        assertThat(served.by("GET", ApiFamily.OPENAI)).isSameAs(read);
        assertThat(served.by("GET", ApiFamily.ANTHROPIC)).isSameAs(other);
        assertThat(served.by("DELETE", ApiFamily.ANTHROPIC)).isSameAs(delete);
        assertThat(served.by("HEAD", ApiFamily.OPENAI)).isNull();
        assertThat(served.allowed()).isEqualTo("DELETE, GET");
        assertThat(served.shared()).isTrue();
    }

    @Test
    void whatAzureHasBelowADeploymentItHasNowhereElseWithoutAVersion() {
        Operations table = StandardOperations.ALL.with(row("GET", "/v1/jobs/{id}", ApiFamily.OPENAI));

        assertThat(table.matching("/openai/jobs/j")).isNotNull();
        assertThat(table.matching("/openai/v1/chat/completions/c")).isNotNull();
        assertThat(table.matching("/openai/chat/completions/c")).isNull();
        assertThat(table.matching("/openai/deployments/d/jobs/j")).isNull();
    }

    @Test
    void findsNothingWhereTheParameterIsEmptyOrMoreThanOneSegment() {
        Operations table = new Operations(List.of(CANCEL));

        assertThat(table.matching("/v1/jobs//cancel")).isNull();
        assertThat(table.matching("/v1/jobs/cancel")).isNull();
        assertThat(table.matching("/v1/jobs/a/b/cancel")).isNull();
        assertThat(table.matching("/v1/jobs/a/cancel/")).isNull();
        assertThat(table.at("/v1/jobs/{id}/cancel")).isNull();
    }

    @Test
    void oneMoreRowLeavesTheOthersWhereTheyAre() {
        Operations table = StandardOperations.ALL.with(CANCEL);

        assertThat(table.rows()).containsAll(StandardOperations.ALL.rows()).contains(CANCEL);
        assertThat(table.at("/v1/messages").operations()).containsExactly(StandardOperations.MESSAGES);
        assertThat(table.proxied()).isEqualTo(StandardOperations.ALL.proxied());
        assertThat(StandardOperations.ALL.matching("/v1/jobs/j_1/cancel")).isNull();
    }

    @Test
    void refusesAPathThatIsThereAlready() {
        assertThatThrownBy(() -> StandardOperations.ALL.with(row("POST", "/v1/embeddings", ApiFamily.OPENAI)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/embeddings twice");
        assertThatThrownBy(() -> StandardOperations.ALL.with(local("/v1/models/{id}")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/models/{id} twice");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "v1/jobs",
                "/v1/jobs/{id",
                "/v1/jobs/id}",
                "/v1/jobs/{}",
                "/v1/jobs/{a}{b}",
                "/v1/jobs/j{a}",
                "/v1/jobs/{a/b}",
                "/v1/",
                "/v1/jobs?a={b}"
            })
    void refusesWhatIsNoPathWithParametersThatAreWholeSegments(String path) {
        assertThatThrownBy(() -> new Operations(List.of(local(path))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: " + path
                        + " (expected: a path, with parameters in braces that are whole segments)");
    }

    @Test
    void aRequestToAProviderNeedsNoModel() {
        Operation made = new Operation(
                new Line("POST", "/v1/jobs"),
                Handling.PROXIED,
                Body.JSON,
                Answers.free(ApiFamily.OPENAI, Operation.ErrorEvent.CHAT),
                new Objects(Objects.Kind.OTHER, Objects.Role.CREATES));
        Operations table = new Operations(List.of(made, StandardOperations.MESSAGES));

        assertThat(table.proxied()).containsExactly(made, StandardOperations.MESSAGES);
        assertThat(table.byModel()).containsExactly(StandardOperations.MESSAGES);
        assertThat(made.body().policy()).isEqualTo(BodyPolicy.HELD_JSON);
    }

    @Test
    void refusesAnswersOfProvidersThatSayNowhereWhatWasUsed() {
        assertThatThrownBy(() -> new Operation("POST", "/v1/jobs", Handling.PROXIED, Body.NONE, Answers.OWN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operation: POST /v1/jobs (expected: where its answers say their usage)");
    }

    @Test
    void knowsTheMethodsOfItsRows() {
        assertThat(StandardOperations.ALL.methods()).isEqualTo("DELETE, GET, HEAD, POST");
        assertThat(new Operations(List.of(proxied("/v1/jobs", IN_BODY))).methods())
                .isEqualTo("POST");
    }

    @Test
    void refusesAParameterBesideAModelInWhatAProviderIsAskedFor() {
        Operation proxied = proxied("/v1/jobs/{id}/run", IN_BODY);

        assertThatThrownBy(() -> new Operations(List.of(proxied)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operations: /v1/jobs/{id}/run (expected: no parameter beside a model)");
    }

    @Test
    void refusesACandidateThatIsAskedForWhatTheGatewayAnswersItself() {
        assertThatThrownBy(() -> new Candidate(null, null, CANCEL))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("operation: GET /v1/jobs/{id}/cancel (expected: one that providers answer)");
    }

    private static Operation proxied(String path, Body body) {
        return new Operation("POST", path, Handling.PROXIED, body, StandardOperations.EMBEDDINGS.answers());
    }

    private static Found found(String parameter, Operation operation) {
        return new Found(new ServedPath(List.of(operation)), List.of(parameter));
    }

    private static Operation row(String method, String path, ApiFamily family) {
        return new Operation(
                method, path, Handling.PROXIED, Body.NONE, Answers.free(family, Operation.ErrorEvent.CHAT));
    }

    private static Operation local(String path) {
        return new Operation("GET", path, Handling.LOCAL, Body.NONE, Answers.OWN);
    }
}
